import { notFound, type RequestContext } from '@parley/kernel';
import type { TenantStore, UserDoc } from './documents.js';
import type { TenantLog } from './log.js';

export interface ChangeUserOptions {
  readonly users: TenantStore['users'];
  readonly log: Pick<TenantLog, 'record'>;
}

/** What is to change of a user. */
export type UserChange = Partial<Pick<UserDoc, 'name' | 'role' | 'disabled' | 'passwordHash'>>;

/** A user as they were and as they are. */
export interface ChangedUser {
  readonly before: UserDoc;
  readonly after: UserDoc;
}

/**
 * Changes a user, in the log and then in the document. `changeOf` gets the user as they are, and says what is to change
 * or throws; when somebody else changes the user meanwhile, it is asked again. The last entry about a user is what their
 * document says: who is overtaken writes another one, and who is refused then, one of what holds. Rejects with `notFound`
 * (NO_SUCH_USER), or as `changeOf` or the log do.
 */
export const changeUser = async (
  { users, log }: ChangeUserOptions,
  by: RequestContext,
  userId: string,
  changeOf: (before: UserDoc) => UserChange,
): Promise<ChangedUser> => {
  const { tenant } = by;
  /** Undefined: there is an entry, but somebody else's change came first to the document. */
  const attempt = async (change: typeof changeOf): Promise<ChangedUser | undefined> => {
    const before = await users.get(`${tenant}/${userId}`);
    if (!before) throw notFound('NO_SUCH_USER', `there is no user ${userId}: see ListUsers`);
    const after: UserDoc = { ...before, ...change(before), version: before.version + 1 };
    const { role, disabled, passwordHash } = after;
    const value = { userId, role, disabled, passwordChanged: passwordHash !== before.passwordHash };
    await log.record(tenant, { $case: 'userChanged', value }, by);
    return (await users.replaceIf(after, before.version)) ? { before, after } : undefined;
  };
  let done = await attempt(changeOf);
  while (!done)
    done = await attempt(changeOf).catch(async (error: unknown) => {
      // The version goes up all the same: without that, a change under way might come to the document after this entry.
      while (!(await attempt(() => ({}))));
      throw error;
    });
  return done;
};
