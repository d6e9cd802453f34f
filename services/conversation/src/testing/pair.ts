import { afterAll, beforeAll } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { ApiError, newUlid } from '@parley/kernel';
import { startNats, type TestNats } from '@parley/testkit';
import {
  asBoss,
  consumeAll,
  ShiftedClock,
  startInstance,
  temporaryFolder,
  type Instance,
} from './service.js';

/** Two instances over the same servers, for all tests of a file; the first one reads the log into the inbox. */
export interface Pair {
  readonly one: Instance;
  readonly two: Instance;
  readonly clock: ShiftedClock;
}

/** Declares the pair of a spec file; its parts may be used once the tests run. */
export const pairOfInstances = (): Pair => {
  const pair: { one?: Instance; two?: Instance } = {};
  const clock = new ShiftedClock();
  let nats: TestNats;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    nats = await startNats();
    folder = await temporaryFolder();
    pair.one = await startInstance(nats.url, folder.path, clock);
    pair.two = await startInstance(nats.url, folder.path, clock);
    await consumeAll(pair.one);
  });
  afterAll(async () => {
    await pair.one?.stop();
    await pair.two?.stop();
    await folder.remove();
    await nats.stop();
  });
  const started = (instance: Instance | undefined): Instance => {
    if (!instance) throw new Error('the instances start with the tests');
    return instance;
  };
  return {
    get one() {
      return started(pair.one);
    },
    get two() {
      return started(pair.two);
    },
    clock,
  };
};

export const newContactId = (): string => newUlid(Date.now());

/** The reason of the ApiError with which the work fails; undefined when it does not. */
export const reasonOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof ApiError ? error.details.reason : String(error)),
  );

export const sendRequest = (
  conversationId: string,
  messageId: string,
  text: string,
  clientSeq = 0,
): conversation.SendMessageRequest =>
  conversation.SendMessageRequest.fromPartial({ conversationId, messageId, text, clientSeq });

/** All events of a conversation as somebody sees them. */
export const eventsOf = async (
  instance: Instance,
  conversationId: string,
  context = asBoss(),
): Promise<readonly conversation.RecordedEvent[]> =>
  (await instance.public.listEvents({ conversationId, afterVersion: 0, limit: 0 }, context)).events;

/** The texts of all messages, in order. */
export const textsOf = async (instance: Instance, conversationId: string): Promise<string[]> =>
  (await eventsOf(instance, conversationId)).flatMap(({ event }) =>
    event?.event?.$case === 'messageSent' && event.event.value.content?.$case === 'text'
      ? [event.event.value.content.value.text]
      : [],
  );
