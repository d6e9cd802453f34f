import { expect, it } from '@jest/globals';
import type { conversation, routing } from '@parley/contracts';
import { ManualClock, unavailable } from '@parley/kernel';
import { Telling } from './telling.js';
import { T0, enter, given, queue, tick, after } from './testing/world.js';

const FAILSAFE_SECONDS = 200;
const logger = { info: () => undefined };

/** A queue in which chats wait, and what their visitors are told. */
const waiting = (...ids: string[]) => {
  const world = given(queue('sales', { failsafeSeconds: FAILSAFE_SECONDS }), ...ids.map((id) => enter(id)));
  const clock = new ManualClock(T0);
  const told: (conversation.WaitEstimateShown & { readonly id: string; readonly commandId: string })[] = [];
  const said = { estimate: undefined as routing.WaitEstimate | undefined, down: false };
  const telling = new Telling({
    conversations: {
      recordWaitEstimate: async ({ conversationId: id, commandId, shown }) => {
        if (said.down) throw unavailable('DOWN', 'down');
        told.push({ position: 0, lowSeconds: 0, highSeconds: 0, queueId: '', ...shown, id, commandId });
        return { version: 1 };
      },
    },
    estimating: { ofChat: () => said.estimate },
    clock,
    logger,
  });
  const look = async (seconds: number): Promise<void> => {
    clock.advance(seconds * 1000);
    world.when(after(seconds));
    world.when(tick);
    await telling.look('acme', world.state);
  };
  const range = (lowSeconds: number, highSeconds: number): void => {
    said.estimate = { lowSeconds, medianSeconds: (lowSeconds + highSeconds) / 2, highSeconds };
  };
  return { look, range, told, outage: (down: boolean) => void (said.down = down) };
};

it('tells those who wait what to expect, with their place, and not who has only just come', async () => {
  const { look, range, told } = waiting('0-a', '0-b');
  range(40, 90);
  await look(1);
  expect(told).toEqual([]);
  await look(5);
  expect(told).toMatchObject([
    { id: '0-a', position: 1, lowSeconds: 40, highSeconds: 90, queueId: 'sales' },
    { id: '0-b', position: 2 },
  ]);
});

it('tells it again only when it has changed by much, and not twice in half a minute', async () => {
  const { look, range, told } = waiting('0-a');
  range(40, 90);
  await look(6);
  range(100, 200);
  await look(20);
  expect(told).toHaveLength(1);
  await look(11);
  expect(told).toHaveLength(2);
  range(105, 210);
  await look(31);
  expect(told.filter(({ lowSeconds }) => lowSeconds === 105)).toHaveLength(0);
  expect(new Set(told.map(({ commandId }) => commandId)).size).toBe(told.length);
});

it('says nothing without an honest estimate, until the failsafe acts: then the place at least', async () => {
  const { look, told } = waiting('0-a');
  await look(10);
  expect(told).toEqual([]);
  await look(FAILSAFE_SECONDS);
  expect(told).toMatchObject([{ id: '0-a', position: 1, lowSeconds: undefined, highSeconds: undefined }]);
});

it('goes on when a conversation does not answer', async () => {
  const { look, range, told, outage } = waiting('0-a');
  range(40, 90);
  outage(true);
  await look(6);
  outage(false);
  range(400, 900);
  await look(31);
  expect(told).toMatchObject([{ lowSeconds: 400 }]);
});
