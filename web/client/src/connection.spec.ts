import { describe, expect, it } from '@jest/globals';
import { ApiError, ErrorCode } from '@parley/kernel';
import fc from 'fast-check';
import { connect } from './connection.js';
import { type Fault, SimulatedGateway } from './testing/simulated-gateway.js';

const faults = fc.array(fc.constantFrom<Fault>('none', 'none', 'none', 'drop', 'duplicate', 'late', 'cut'), {
  maxLength: 60,
});
const open = (gateway: SimulatedGateway, token = async (_: { rejected: boolean }) => 'token') =>
  connect({ url: 'ws://gateway/ws', token }, gateway.runtime);

describe('a watched conversation', () => {
  it('delivers every event once and in order whatever the network does', async () => {
    await fc.assert(
      fc.asyncProperty(
        faults,
        fc.array(fc.nat(200), { minLength: 1, maxLength: 25 }),
        async (list, pauses) => {
          const gateway = new SimulatedGateway();
          const connection = open(gateway);
          const seen: (number | undefined)[] = [];
          gateway.append('c', 'm0', 'before');
          connection.watch('c', { onEvents: (events) => seen.push(...events.map((event) => event.version)) });
          gateway.inject(list);
          for (const [i, pause] of pauses.entries()) {
            gateway.append('c', `m${i + 1}`, 'text');
            await gateway.runtime.advance(pause);
          }
          await gateway.runtime.advance(60_000);
          gateway.inject([]);
          await gateway.runtime.advance(60_000);
          // A lost last event shows no gap: the next one tells.
          gateway.append('c', 'last', 'last');
          await gateway.runtime.advance(30_000);
          connection.close();
          expect(seen).toEqual(gateway.events('c').map((event) => event.version));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('asks only for what is missing after a gap and after a reconnect', async () => {
    const gateway = new SimulatedGateway();
    const connection = open(gateway);
    connection.watch('c', { onEvents: () => undefined });
    await gateway.runtime.advance(100);
    gateway.append('c', 'a', 'a');
    await gateway.runtime.advance(100);
    gateway.inject(['drop']);
    gateway.append('c', 'b', 'b');
    gateway.append('c', 'c', 'c');
    await gateway.runtime.advance(100);
    gateway.cutAll();
    await gateway.runtime.advance(1_000);
    connection.close();
    expect(gateway.received.flatMap((frame) => (frame.watch ? [frame.watch.afterVersion] : []))).toEqual([
      0, 1, 3,
    ]);
  });
});

describe('a watch that the gateway does not take', () => {
  const refusing = async (retryAfterMs?: number) => {
    const gateway = new SimulatedGateway();
    const connection = open(gateway);
    const errors: (string | undefined)[] = [];
    const seen: (number | undefined)[] = [];
    connection.on('error', ({ details }) => errors.push(details.reason));
    await gateway.runtime.advance(100);
    gateway.append('c', 'm', 'text');
    gateway.refuseWatch({
      code: ErrorCode.resourceExhausted,
      reason: 'RATE_LIMITED',
      violations: [{ field: 'watch.conversationId', description: 'c' }],
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    connection.watch('c', { onEvents: (events) => seen.push(...events.map(({ version }) => version)) });
    await gateway.runtime.advance(400);
    const early = [...seen];
    await gateway.runtime.advance(400);
    connection.close();
    return { early, seen, errors };
  };

  it('is asked for again when it may be, and nobody need hear of it', async () => {
    expect(await refusing(500)).toEqual({ early: [], seen: [1], errors: [] });
  });

  it('is told when it is refused for good', async () => {
    expect(await refusing()).toEqual({ early: [], seen: [], errors: ['RATE_LIMITED'] });
  });
});

describe('a connection', () => {
  it('greets in the language that is spoken by then', async () => {
    const gateway = new SimulatedGateway();
    let locale = 'en';
    const token = async () => 'token';
    const connection = connect({ url: 'ws://gateway/ws', token, locale: () => locale }, gateway.runtime);
    await gateway.runtime.advance(100);
    locale = 'de';
    gateway.cutAll();
    await gateway.runtime.advance(1_000);
    connection.close();
    expect(gateway.received.flatMap(({ hello }) => (hello ? [hello.locale] : []))).toEqual(['en', 'de']);
  });

  it('sends open calls again after a reconnect and settles each once', async () => {
    const gateway = new SimulatedGateway();
    const connection = open(gateway);
    await gateway.runtime.advance(100);
    const request = { conversationId: 'c', messageId: 'm', text: 'hello', clientSeq: 1 };
    gateway.inject(['none', 'cut']);
    const answer = connection.call('parley.conversation.v1.ConversationService/SendMessage', request);
    await gateway.runtime.advance(2_000);
    await expect(answer).resolves.toEqual({ version: 1 });
    connection.close();
    expect(gateway.texts('c')).toEqual(['hello']);
    expect(gateway.received.filter((frame) => frame.call)).toHaveLength(2);
  });

  it('tells its listeners what the gateway pushes, and nothing of frames that it does not know', async () => {
    const gateway = new SimulatedGateway();
    const connection = open(gateway);
    const told: unknown[] = [];
    connection.on('queueState', (state) => told.push(state));
    connection.on('queueRemoved', (removed) => told.push(removed));
    connection.on('staffState', (staff) => told.push(staff));
    await gateway.runtime.advance(100);
    gateway.broadcast({ queueState: { queue: { queueId: 'a' }, waiting: 2 } });
    gateway.broadcast({ ofANewerRelease: {} } as object);
    gateway.broadcast({ queueRemoved: { queueId: 'a' } });
    gateway.broadcast({ staffState: { freeAgents: 3 } });
    await gateway.runtime.advance(100);
    expect(told).toEqual([{ queue: { queueId: 'a' }, waiting: 2 }, { queueId: 'a' }, { freeAgents: 3 }]);
    connection.close();
  });

  it('stays until the time that a GoAway names, then moves to another socket', async () => {
    const gateway = new SimulatedGateway();
    const connection = open(gateway);
    const states: string[] = [];
    await gateway.runtime.advance(100);
    connection.on('state', (state) => states.push(state));
    gateway.broadcast({ goAway: { reconnectAfterMs: 5_000 } });
    await gateway.runtime.advance(4_900);
    expect([states, gateway.openSockets]).toEqual([[], 1]);
    await gateway.runtime.advance(700);
    expect([states, gateway.openSockets]).toEqual([['offline', 'connecting', 'online'], 1]);
    await gateway.runtime.advance(20_000);
    expect(states).toHaveLength(3);
    connection.close();
  });

  it('comes back at the time that a GoAway named when the gateway has closed before', async () => {
    const gateway = new SimulatedGateway();
    const connection = open(gateway);
    await gateway.runtime.advance(100);
    gateway.broadcast({ goAway: { reconnectAfterMs: 5_000 } });
    gateway.cutAll();
    await gateway.runtime.advance(4_900);
    expect([connection.state, gateway.openSockets]).toEqual(['offline', 0]);
    await gateway.runtime.advance(700);
    expect(connection.state).toBe('online');
    connection.close();
  });

  it('asks for a fresh token when the gateway rejected the last one', async () => {
    const gateway = new SimulatedGateway();
    gateway.rejectTokens.add('stale');
    const connection = open(gateway, async ({ rejected }) => (rejected ? 'fresh' : 'stale'));
    await gateway.runtime.advance(2_000);
    expect(connection.state).toBe('online');
    connection.close();
  });

  it('ends when there is no valid token any more, and rejects what waits', async () => {
    const gateway = new SimulatedGateway();
    const connection = open(gateway, async () => {
      throw new ApiError(ErrorCode.unauthenticated, 'Sign in again.');
    });
    const answer = connection.call('parley.gateway.v1.AuthService/Logout', {});
    const reasons: string[] = [];
    connection.on('signedOut', (error) => reasons.push(error.message));
    await expect(answer).rejects.toThrow('Sign in again.');
    expect([connection.state, reasons]).toEqual(['closed', ['Sign in again.']]);
  });

  it('notices a socket that went silent and opens another', async () => {
    const gateway = new SimulatedGateway();
    const connection = open(gateway);
    await gateway.runtime.advance(100);
    const states: string[] = [];
    connection.on('state', (state) => states.push(state));
    gateway.silent = true;
    await gateway.runtime.advance(55_000);
    gateway.silent = false;
    await gateway.runtime.advance(30_000);
    expect(states.slice(0, 2)).toEqual(['offline', 'connecting']);
    expect(connection.state).toBe('online');
    connection.close();
  });

  it('pings while nothing else is sent', async () => {
    const gateway = new SimulatedGateway();
    const connection = open(gateway);
    await gateway.runtime.advance(100_000);
    connection.close();
    expect(gateway.received.filter((frame) => frame.ping).length).toBeGreaterThanOrEqual(4);
    expect(gateway.received.filter((frame) => frame.hello)).toHaveLength(1);
  });

  it('rejects a call that nobody answers in its time', async () => {
    const gateway = new SimulatedGateway();
    gateway.inject(Array<Fault>(200).fill('drop'));
    const connection = open(gateway);
    const answer = connection.call('parley.gateway.v1.AuthService/Logout', {}, { timeoutMs: 500 });
    const failure = expect(answer).rejects.toMatchObject({ code: ErrorCode.deadlineExceeded });
    await gateway.runtime.advance(600);
    await failure;
    connection.close();
  });
});
