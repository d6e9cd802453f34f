import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { gateway } from '@parley/contracts';
import { fold } from '@parley/kernel';
import { chainIntact, sealFact } from './chain.js';
import { tenantDecider, type TenantFact, type TenantState } from './domain.js';

const made: TenantFact = { $case: 'tenantCreated', value: { tenant: 'acme' } };
const user = (userId: string, role: string): TenantFact => ({
  $case: 'userCreated',
  value: { userId, role },
});
const change = (userId: string, role: string, disabled = false): TenantFact => ({
  $case: 'userChanged',
  value: { userId, role, disabled, passwordChanged: false },
});
const key = (keyId: string): TenantFact => ({ $case: 'apiKeyCreated', value: { keyId, scopes: ['*'] } });

/** Decides facts one after the other; the events of those that are not refused, and the reasons of those that are. */
const run = (
  facts: readonly TenantFact[],
): { events: gateway.TenantEvent[]; refused: (string | undefined)[]; state: TenantState } => {
  let state = tenantDecider.initialState;
  const events: gateway.TenantEvent[] = [];
  const refused: (string | undefined)[] = [];
  for (const fact of facts) {
    const result = tenantDecider.decide(state, { fact, seal: sealFact });
    if (!result.ok) {
      refused.push(result.error.details.reason);
      continue;
    }
    events.push(...result.value);
    state = fold(tenantDecider, state, result.value);
  }
  return { events, refused, state };
};

describe('the rules of the tenant log', () => {
  it.each([
    ['nothing before the tenant', [user('ada', 'admin')], 'NO_SUCH_TENANT'],
    ['one tenant once', [made, made], 'TENANT_EXISTS'],
    ['a user once', [made, user('ada', 'admin'), user('ada', 'agent')], 'USER_EXISTS'],
    ['changes of users that exist', [made, change('bob', 'agent')], 'NO_SUCH_USER'],
    ['an admin left: not demoted', [made, user('ada', 'admin'), change('ada', 'agent')], 'LAST_ADMIN'],
    ['an admin left: not disabled', [made, user('ada', 'admin'), change('ada', 'admin', true)], 'LAST_ADMIN'],
    ['a key once', [made, key('k'), key('k')], 'API_KEY_EXISTS'],
    [
      'keys that exist to revoke',
      [made, { $case: 'apiKeyRevoked', value: { keyId: 'k' } } satisfies TenantFact],
      'NO_SUCH_API_KEY',
    ],
  ])('want %s', (_rule, facts, reason) => expect(run(facts).refused).toEqual([reason]));

  it('let an admin go when another one stays', () => {
    const { refused, state } = run([
      made,
      user('ada', 'admin'),
      user('bea', 'admin'),
      change('ada', 'agent', true),
    ]);
    expect(refused).toEqual([]);
    expect(state.users.get('ada')).toEqual({ role: 'agent', disabled: true });
  });
});

describe('the chain of hashes', () => {
  const { events } = run([made, user('ada', 'admin'), key('k')]);
  const encoded = (event: gateway.TenantEvent): Uint8Array => gateway.TenantEvent.encode(event).finish();
  const stored = events.map(encoded);

  it('holds over what was written, and over a part after its anchor', () => {
    expect(chainIntact(stored, new Uint8Array())).toBe(true);
    expect(chainIntact(stored.slice(1), events[0]?.hash ?? new Uint8Array())).toBe(true);
  });

  it('holds over what another release has written, with fields and kinds that are unknown here', () => {
    let last = new Uint8Array();
    const foreign = [
      // A user that was changed (5), with a field 15; and an event of kind 100.
      [0x2a, 0x07, 0x0a, 0x03, 0x61, 0x64, 0x61, 0x78, 0x01],
      [0xa2, 0x06, 0x00],
    ].map((rest) => {
      last = createHash('sha256').update(last).update(Buffer.from(rest)).digest();
      return Buffer.from([0x0a, 32, ...last, ...rest]);
    });
    expect(chainIntact(foreign, new Uint8Array())).toBe(true);
    expect(chainIntact(foreign.slice(1), new Uint8Array())).toBe(false);
  });

  it('breaks when an event is changed, left out or moved', () => {
    const [first, second, third] = stored;
    if (!first || !second || !third || !events[1]) throw new Error('three events');
    const forged = encoded({ ...events[1], event: user('eve', 'admin') });
    expect(chainIntact([first, forged, third], new Uint8Array())).toBe(false);
    expect(chainIntact([first, third], new Uint8Array())).toBe(false);
    expect(chainIntact([second, first, third], new Uint8Array())).toBe(false);
    expect(chainIntact([first.subarray(34)], new Uint8Array())).toBe(false);
  });
});
