import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectBus, natsConnection, type Bus } from '@parley/messaging';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { ReplyBox } from './reply-box.js';

const WITHIN_MS = 3_000;
let nats: TestNats;
let bus: Bus;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'reply-box-spec' });
});
afterAll(async () => {
  await bus.drain();
  await nats.stop();
});

it('waits for an answer of many messages as long as more of it comes, and no longer', async () => {
  let now = 0;
  const box = new ReplyBox(natsConnection(bus), () => now);
  const heard: string[] = [];
  const failures: string[] = [];
  const reply = box.open(
    WITHIN_MS,
    (message) => heard.push(message.string()),
    ({ message }) => failures.push(message),
  );
  /** Resolves once it has been looked who has waited for too long. */
  const looked = (): Promise<void> =>
    new Promise((resolve) =>
      box.open(
        0,
        () => undefined,
        () => resolve(),
      ),
    );
  for (const text of ['a', 'b', 'c']) {
    natsConnection(bus).publish(reply, text);
    await eventually(() => heard.at(-1) === text);
    now += 0.9 * WITHIN_MS;
    await looked();
    expect(failures).toEqual([]);
  }
  now += WITHIN_MS;
  await looked();
  expect(failures).toEqual(['no answer in time']);
});
