import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { asBoss, asVisitor, startRequest, type Instance } from './testing/service.js';
import { newContactId, pairOfInstances, sendRequest } from './testing/pair.js';

const MESSAGES = 300;
const PAGE_BYTES = 256 << 10;
const text = 'x'.repeat(65_536);
const pair = pairOfInstances();

/** So many large messages are written one after the other, each of them synced. */
const BEGUN_WITHIN_MS = 180_000;
jest.setTimeout(BEGUN_WITHIN_MS);

/** The versions of all events, read page by page. */
const read = async (instances: readonly Instance[], conversationId: string): Promise<number[]> => {
  const versions: number[] = [];
  for (let turn = 0; ; turn++) {
    const afterVersion = versions.at(-1) ?? 0;
    const page = await instances[turn % instances.length]!.public.listEvents(
      { conversationId, afterVersion, limit: 500 },
      asBoss(),
    );
    expect(page.events.length).toBeGreaterThan(0);
    const bytes = conversation.ListEventsResponse.encode(page).finish().length;
    expect(bytes).toBeLessThan(PAGE_BYTES + text.length);
    versions.push(...page.events.map(({ version }) => version));
    if (versions.at(-1) === page.headVersion) return versions;
  }
};

describe('a conversation of messages that are as large as may be', () => {
  const contactId = newContactId();
  let id: string;
  let versions: number[];

  beforeAll(async () => {
    ({ conversationId: id } = await pair.one.public.startConversation(
      startRequest('s'),
      asVisitor(contactId),
    ));
    for (let i = 0; i < MESSAGES; i++)
      await pair.one.public.sendMessage(sendRequest(id, `m${i}`, text), asVisitor(contactId));
    const { version } = await pair.one.public.closeConversation(
      { conversationId: id, commandId: 'c', reason: 0 },
      asVisitor(contactId),
    );
    versions = Array.from({ length: version }, (_, i) => i + 1);
  });

  it('is read to its end in pages of bounded size, whichever instance answers', async () => {
    expect(versions.length).toBeGreaterThan(MESSAGES);
    expect(await read([pair.one], id)).toEqual(versions);
    expect(await read([pair.two, pair.one], id)).toEqual(versions);
  });

  it('is read so where the log holds no more than its end, or nothing', async () => {
    const { commits, head } = await pair.one.eventLog.load('acme', id);
    for (const { kept } of [pair.one, pair.two])
      kept.set(
        id,
        commits.map(({ commit }) => commit),
      );
    await pair.one.eventLog.purge('acme', id, commits[100]!.seq);
    expect(await read([pair.one, pair.two], id)).toEqual(versions);
    await pair.one.eventLog.purge('acme', id, head.seq);
    expect(await read([pair.two, pair.one], id)).toEqual(versions);
  });
});
