import { messageSchemas, type Method } from '@parley/contracts';
import { invalidArgument } from '@parley/kernel';

/** The people of a tenant, by `<tenant>/<user id>`. */
export interface People {
  get(key: string): Promise<{ readonly disabled: boolean } | undefined>;
}

/** Throws `invalidArgument` when a field of the request that has to name a person names nobody who may log in. */
export const assertPeople = async (
  { request: name }: Method,
  request: unknown,
  tenant: string,
  people: People,
): Promise<void> => {
  for (const field of messageSchemas[name] ?? []) {
    const userId = field.rules?.user ? (request as Record<string, unknown>)[field.name] : undefined;
    if (typeof userId !== 'string' || userId === '') continue;
    const person = await people.get(`${tenant}/${userId}`);
    if (person && !person.disabled) continue;
    throw invalidArgument(
      field.name,
      `${person ? `"${userId}" may not log in any more` : `there is no person "${userId}"`}; ListUsers shows those there are, with their userId`,
    );
  }
};
