import { describe, expect, it } from '@jest/globals';
import { presence } from '@parley/contracts';
import { GatewaySessions } from './gateways.js';

const session = (sessionId: string): presence.Session =>
  presence.Session.fromPartial({ sessionId, tenant: 'acme', principalId: 'anna' });
const delta = (seq: bigint, change: Partial<presence.SessionDelta>, epoch = 'e1'): presence.SessionDelta =>
  presence.SessionDelta.fromPartial({ gatewayId: 'g1', epoch, seq, ...change });
const ids = (sessions: readonly presence.Session[] | undefined): string[] | undefined =>
  sessions?.map((s) => s.sessionId);

describe('the sockets of all gateways', () => {
  it('follow the deltas of a gateway from its start', () => {
    const gateways = new GatewaySessions();
    expect(ids(gateways.delta(delta(1n, { opened: [session('a'), session('b')] }))?.opened)).toEqual([
      'a',
      'b',
    ]);
    expect(ids(gateways.delta(delta(2n, { closed: ['a', 'unknown'] }))?.closed)).toEqual(['a']);
  });

  it('ask for a snapshot when a delta is missing, and go on after it', () => {
    const gateways = new GatewaySessions();
    expect(gateways.delta(delta(4n, { opened: [session('d')] }))).toBeUndefined();
    gateways.snapshot('g1', 'e1', 4n, [session('c'), session('d')]);
    expect(gateways.delta(delta(6n, {}))).toBeUndefined();
    expect(ids(gateways.delta(delta(5n, { closed: ['c'] }))?.closed)).toEqual(['c']);
  });

  it('apply each delta once', () => {
    const gateways = new GatewaySessions();
    gateways.delta(delta(1n, { opened: [session('a')] }));
    expect(gateways.delta(delta(1n, { opened: [session('a')] }))).toEqual({ opened: [], closed: [] });
  });

  it('close everything of a gateway that started anew', () => {
    const gateways = new GatewaySessions();
    gateways.delta(delta(1n, { opened: [session('a')] }));
    const changes = gateways.delta(delta(1n, { opened: [session('b')] }, 'e2'));
    expect([ids(changes?.closed), ids(changes?.opened)]).toEqual([['a'], ['b']]);
  });

  it('close what a snapshot no longer has, and ignore an older one', () => {
    const gateways = new GatewaySessions();
    gateways.delta(delta(1n, { opened: [session('a')] }));
    gateways.delta(delta(2n, { opened: [session('b')] }));
    expect(ids(gateways.snapshot('g1', 'e1', 1n, []).closed)).toEqual([]);
    expect(ids(gateways.snapshot('g1', 'e1', 3n, [session('b')]).closed)).toEqual(['a']);
  });

  it('close everything of a gateway that is gone', () => {
    const gateways = new GatewaySessions();
    gateways.delta(delta(1n, { opened: [session('a')] }));
    expect(ids(gateways.forget('g1'))).toEqual(['a']);
    expect(gateways.forget('g1')).toEqual([]);
  });
});
