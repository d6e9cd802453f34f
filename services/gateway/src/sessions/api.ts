import { gateway, type Client } from '@parley/contracts';
import { ApiError, ErrorCode, newUlid, notFound, permissionDenied, type Clock } from '@parley/kernel';
import {
  contextOf,
  known,
  systemContext,
  type Caller,
  type GatewayHandlers,
  type Session,
} from '../edge/call.js';
import { originAllowed, type TenantDirectory } from '../tenants/directory.js';
import type { TenantDoc, UserDoc } from '../tenants/documents.js';
import { toUser } from '../tenants/users.js';
import { readIdentity } from './identity.js';
import { passwordChange, type PasswordChangeOptions } from './password-change.js';
import { verifyPassword } from './passwords.js';
import type { Secrets } from './secrets.js';
import { wrongCredentials } from './sessions.js';

export interface AuthOptions extends PasswordChangeOptions {
  readonly directory: TenantDirectory;
  readonly secrets: Secrets;
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationService'>, 'getContact'>;
  readonly contacts: Pick<Client<'parley.conversation.v1.ConversationInternalService'>, 'identifyContact'>;
  readonly clock: Clock;
}

/** Handlers of parley.gateway.v1.AuthService. */
export const authHandlers = (options: AuthOptions): GatewayHandlers<'parley.gateway.v1.AuthService'> => {
  const { sessions, users, directory, log, secrets, throttle, clock } = options;

  const settingsFor = async (tenant: string, caller: Caller): Promise<TenantDoc> => {
    const settings = await directory.settings(tenant);
    if (!settings) throw notFound('NO_SUCH_TENANT', `there is no tenant ${tenant}`);
    if (!originAllowed(settings.allowedOrigins, caller.origin, caller.host))
      throw permissionDenied(
        'ORIGIN_NOT_ALLOWED',
        `pages of ${caller.origin} may not use the widget of ${tenant}: add the origin to the tenant's allowedOrigins`,
      );
    return settings;
  };

  const openConversation = async (session: Session, caller: Caller): Promise<string> => {
    try {
      const { contact } = await options.conversations.getContact(
        { contactId: session.principal.id },
        contextOf({ ...caller, session }),
      );
      return contact?.openConversationId ?? '';
    } catch (error) {
      // An anonymous visitor becomes a contact with the first conversation.
      if (error instanceof ApiError && error.code === ErrorCode.notFound) return '';
      throw error;
    }
  };

  const check = async (
    login: string,
    password: string,
    deadline: number,
  ): Promise<{ checked: UserDoc | undefined; isRight: boolean }> => {
    const { items } = await users.find({ filter: { login }, limit: 1 });
    const checked = items[0];
    const matches = await verifyPassword(password, checked?.passwordHash, deadline);
    return { checked, isRight: matches && checked?.disabled === false };
  };

  const end = async (session: Session): Promise<void> => {
    await sessions.end(session);
    options.onEnded(session.tenant, [session.sessionId]);
  };

  return {
    login: async ({ tenant, email, password }, caller) => {
      options.logins.spend(caller.remote);
      const login = `${tenant}/${email.toLowerCase()}`;
      const { checked, isRight } = await throttle.attempt(login, () =>
        check(login, password, caller.deadline),
      );
      const by = systemContext(tenant, caller.deadline);
      if (!checked || !isRight) {
        if (await directory.settings(tenant)) options.failedLogins.note(tenant, checked?.userId ?? '');
        throw wrongCredentials();
      }
      const { tokens, user } = await sessions.logIn(checked);
      // Before the answer: nobody gets the tokens of a login that is not on record.
      await log.record(tenant, { $case: 'loggedIn', value: { userId: user.userId } }, by);
      return { tokens, user: toUser(user) };
    },

    refreshToken: async ({ refreshToken }) => {
      const { tokens, user } = await sessions.refresh(refreshToken);
      return { tokens, user: toUser(user) };
    },

    logout: async (_request, caller) => {
      await end(known(caller).session);
      return gateway.LogoutResponse.fromPartial({});
    },

    changePassword: passwordChange(options),

    startVisitorSession: async ({ tenant, token }, caller) => {
      const { widget } = await settingsFor(tenant, caller);
      const before = token ? await sessions.visitorOf(tenant, token) : undefined;
      const contactId = before?.principal.id ?? newUlid(clock.now());
      return {
        token: await sessions.visitorToken(tenant, contactId, before?.sessionId),
        contactId,
        settings: widget,
        openConversationId: before ? await openConversation(before, caller) : '',
      };
    },

    identifyVisitor: async ({ jwt }, caller) => {
      const { session } = known(caller);
      const { identityKey } = await settingsFor(session.tenant, caller);
      if (!identityKey)
        throw new ApiError(
          ErrorCode.failedPrecondition,
          'the tenant has no identity key: set one with UpdateTenant',
          {
            reason: 'NO_IDENTITY_KEY',
          },
        );
      const identity = await readIdentity(jwt, secrets.open(identityKey), clock.now());
      const { contact } = await options.contacts.identifyContact(
        { contactId: session.principal.id, ...identity },
        systemContext(session.tenant, caller.deadline),
      );
      const contactId = contact?.contactId ?? session.principal.id;
      const token = await sessions.visitorToken(session.tenant, contactId);
      await end(session);
      return { token, contactId, openConversationId: contact?.openConversationId ?? '' };
    },
  };
};
