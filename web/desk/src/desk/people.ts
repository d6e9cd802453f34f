import type { Connection, gateway } from '@parley/client';

/** All people of the tenant, page by page. Rejects with an ApiError. */
export const readPeople = async (connection: Pick<Connection, 'call'>): Promise<gateway.User[]> => {
  const people: gateway.User[] = [];
  let cursor = '';
  do {
    const request = { page: { limit: 200, cursor } };
    const page = await connection.call('parley.gateway.v1.TenantService/ListUsers', request);
    people.push(...(page.users ?? []));
    cursor = page.nextCursor ?? '';
  } while (cursor);
  return people;
};

/** Names of people by their ids; who has none goes by the id. */
export const namesOf = (people: readonly gateway.User[]): ReadonlyMap<string, string> =>
  new Map(people.map(({ userId = '', name }) => [userId, name || userId]));

/** Those who may log in: nothing can be assigned to anybody else. */
export const activeOf = (people: readonly gateway.User[]): readonly gateway.User[] =>
  people.filter(({ disabled }) => !disabled);
