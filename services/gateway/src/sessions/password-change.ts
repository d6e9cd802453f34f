import { gateway } from '@parley/contracts';
import { aborted, notFound, permissionDenied } from '@parley/kernel';
import { contextOf, known, type GatewayHandlers } from '../edge/call.js';
import type { Buckets } from '../edge/limits.js';
import { changeUser } from '../tenants/change-user.js';
import type { TenantStore } from '../tenants/documents.js';
import type { TenantLog } from '../tenants/log.js';
import { assertPassword } from '../tenants/users.js';
import type { SessionsEnded } from './ended.js';
import type { FailedLogins } from './failed-logins.js';
import { hashPassword, verifyPassword } from './passwords.js';
import type { Sessions } from './sessions.js';
import type { LoginThrottle } from './throttle.js';

export interface PasswordChangeOptions {
  readonly sessions: Sessions;
  readonly users: TenantStore['users'];
  readonly log: TenantLog;
  readonly throttle: LoginThrottle;
  /** Tries to log in or to change a password, by address. */
  readonly logins: Buckets;
  readonly failedLogins: Pick<FailedLogins, 'note'>;
  readonly onEnded: SessionsEnded;
}

/** A person changes their own password. Wrong tries count like those of logging in, and together with them. */
export const passwordChange =
  ({
    sessions,
    users,
    log,
    throttle,
    logins,
    failedLogins,
    onEnded,
  }: PasswordChangeOptions): GatewayHandlers<'parley.gateway.v1.AuthService'>['changePassword'] =>
  async ({ currentPassword, newPassword }, caller) => {
    const { session } = known(caller);
    const by = contextOf(known(caller));
    const { tenant } = by;
    const userId = by.principal.id;
    assertPassword(newPassword, 'parley.gateway.v1.ChangePasswordRequest', 'newPassword');
    logins.spend(caller.remote);
    const before = await users.get(`${tenant}/${userId}`);
    if (!before) throw notFound('NO_SUCH_USER', `there is no user ${userId}: see ListUsers`);
    const { isRight } = await throttle.attempt(before.login, async () => ({
      isRight: await verifyPassword(currentPassword, before.passwordHash, by.deadline),
    }));
    if (!isRight) {
      failedLogins.note(tenant, userId, true);
      throw permissionDenied('WRONG_PASSWORD', 'the current password is wrong');
    }
    const passwordHash = await hashPassword(newPassword, by.deadline);
    await changeUser({ users, log }, by, userId, (now) => {
      if (now.passwordHash !== before.passwordHash)
        throw aborted('VERSION_CONFLICT', 'somebody else changed this password just now: try again');
      return { passwordHash };
    });
    onEnded(tenant, await sessions.endAllOf(tenant, userId, session.sessionId));
    return gateway.ChangePasswordResponse.fromPartial({});
  };
