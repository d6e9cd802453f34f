import { gateway } from '@parley/contracts';
import {
  alreadyExists,
  err,
  failedPrecondition,
  notFound,
  ok,
  type ApiError,
  type Decider,
} from '@parley/kernel';

/** One entry of the tenant log before it is chained. */
export type TenantFact = NonNullable<gateway.TenantEvent['event']>;

/** SHA-256 over the previous hash and the event's encoding without its own; passed in, since hashing is not ours. */
export type Seal = (previousHash: Uint8Array, fact: TenantFact) => Uint8Array;

export interface TenantUser {
  readonly role: string;
  readonly disabled: boolean;
}

/** What the rules of the tenant log depend on; names, addresses and secrets stand in documents. */
export interface TenantState {
  readonly created: boolean;
  /** Hash of the last event; empty before the first. */
  readonly hash: Uint8Array;
  readonly users: ReadonlyMap<string, TenantUser>;
  /** Key ids; true once revoked. */
  readonly keys: ReadonlyMap<string, boolean>;
  /** How often the settings changed. */
  readonly settings: number;
}

export interface TenantCommand {
  readonly fact: TenantFact;
  readonly seal: Seal;
}

const NOTHING = new Uint8Array();

const check = (state: TenantState, fact: TenantFact): ApiError | undefined => {
  if (fact.$case === 'tenantCreated')
    return state.created ? alreadyExists('TENANT_EXISTS', 'this tenant exists already') : undefined;
  if (!state.created)
    return notFound('NO_SUCH_TENANT', 'there is no such tenant: make it by a seed file (PARLEY_SEED)');
  switch (fact.$case) {
    case 'userCreated':
      return state.users.has(fact.value.userId)
        ? alreadyExists(
            'USER_EXISTS',
            `user ${fact.value.userId} exists already: choose another userId or update it`,
          )
        : undefined;
    case 'userChanged':
      return checkUserChanged(state, fact.value);
    case 'apiKeyCreated':
      return state.keys.has(fact.value.keyId)
        ? alreadyExists('API_KEY_EXISTS', `key ${fact.value.keyId} exists already: choose another keyId`)
        : undefined;
    case 'apiKeyRevoked':
      return state.keys.has(fact.value.keyId)
        ? undefined
        : notFound('NO_SUCH_API_KEY', `there is no API key ${fact.value.keyId}: see ListApiKeys`);
    case 'settingsChanged':
    case 'loggedIn':
    case 'loginFailed':
    case 'actPerformed':
      return undefined;
  }
};

const checkUserChanged = (state: TenantState, change: gateway.UserChanged): ApiError | undefined => {
  if (!state.users.has(change.userId))
    return notFound('NO_SUCH_USER', `there is no user ${change.userId}: see ListUsers`);
  const adminLeft = [...state.users].some(
    ([id, user]) => id !== change.userId && user.role === 'admin' && !user.disabled,
  );
  const staysAdmin = change.role === 'admin' && !change.disabled;
  return adminLeft || staysAdmin
    ? undefined
    : failedPrecondition('LAST_ADMIN', 'this is the last admin: make another one first');
};

const withEntry = <V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> =>
  new Map(map).set(key, value);

const evolveFact = (state: TenantState, fact: TenantFact): TenantState => {
  switch (fact.$case) {
    case 'tenantCreated':
      return { ...state, created: true };
    case 'settingsChanged':
      return { ...state, settings: state.settings + 1 };
    case 'userCreated': {
      const { userId, role } = fact.value;
      return { ...state, users: withEntry(state.users, userId, { role, disabled: false }) };
    }
    case 'userChanged': {
      const { userId, role, disabled } = fact.value;
      return { ...state, users: withEntry(state.users, userId, { role, disabled }) };
    }
    case 'apiKeyCreated':
      return { ...state, keys: withEntry(state.keys, fact.value.keyId, false) };
    case 'apiKeyRevoked':
      return { ...state, keys: withEntry(state.keys, fact.value.keyId, true) };
    case 'loggedIn':
    case 'loginFailed':
    case 'actPerformed':
      return state;
  }
};

/** The tenant log: every administrative act, each event chained to the one before by its hash. */
export const tenantDecider: Decider<TenantState, TenantCommand, gateway.TenantEvent, ApiError> = {
  initialState: { created: false, hash: NOTHING, users: new Map(), keys: new Map(), settings: 0 },
  decide: (state, { fact, seal }) => {
    const refusal = check(state, fact);
    if (refusal) return err(refusal);
    const hash = seal(state.hash, fact);
    return ok([gateway.TenantEvent.fromPartial({ hash: hash as Buffer, event: fact })]);
  },
  evolve: (state, event) => ({
    ...(event.event ? evolveFact(state, event.event) : state),
    hash: event.hash,
  }),
};
