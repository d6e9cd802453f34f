import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { createConsumer } from '@parley/eventlog';
import { openStore } from '@parley/store';
import { newContactId, pairOfInstances, sendRequest } from './testing/pair.js';
import {
  asAgent,
  asBoss,
  asSystem,
  asVisitor,
  joinRequest,
  startRequest,
  temporaryFolder,
} from './testing/service.js';

const pair = pairOfInstances();

describe('an inbox that is rebuilt', () => {
  it('lists closed conversations although the log holds nothing of them any more', async () => {
    // The second one has read nothing yet, as a process that was started anew.
    const { one, two } = pair;
    const ids: string[] = [];
    for (const name of ['Mia', 'Ben', 'Zoe']) {
      const visitor = asVisitor(newContactId(), 'rebuilt');
      const { conversationId } = await one.public.startConversation(startRequest('s', { name }), visitor);
      await one.internal.joinConversation(joinRequest(conversationId, 'ivy'), asSystem('rebuilt'));
      await one.public.sendMessage(sendRequest(conversationId, 'v1', `it is ${name}`, 1), visitor);
      if (name !== 'Zoe')
        await one.public.closeConversation(
          { conversationId, commandId: 'c', reason: 1 },
          asAgent('ivy', 'rebuilt'),
        );
      ids.push(conversationId);
    }
    const left = startRequest('s', { leaveMessage: true, text: 'Call me', email: 'uma@example.org' });
    await one.public.startConversation(left, asVisitor(newContactId(), 'rebuilt'));
    await one.consumer.caughtUp();
    const { InboxScope: Scope } = conversation;
    const listed = async () => {
      const page = { limit: 10, cursor: '' };
      const closed = { scope: Scope.INBOX_SCOPE_CLOSED, queueId: '', page };
      const open = { mine: false, answered: false, queueId: '', page };
      const mine = { scope: Scope.INBOX_SCOPE_MINE, queueId: '', page };
      return [
        await one.public.listInbox(closed, asBoss('rebuilt')),
        await one.public.listInbox(closed, asAgent('ivy', 'rebuilt')),
        await one.public.listInbox(mine, asAgent('ivy', 'rebuilt')),
        { rows: (await one.public.listFollowUps(open, asAgent('ivy', 'rebuilt'))).followUps },
      ];
    };
    const before = await listed();
    expect(before.map(({ rows }) => rows.length)).toEqual([3, 2, 1, 1]);
    const keys: { tenant: string; id: string; version: number; partition: number }[] = [];
    for (const id of ids.slice(0, 2)) {
      const { commits, head } = await one.eventLog.load('rebuilt', id);
      two.kept.set(
        id,
        commits.map(({ commit }) => commit),
      );
      keys.push({
        tenant: 'rebuilt',
        id,
        version: head.version,
        partition: one.eventLog.partitionOf('rebuilt', id),
      });
      await one.eventLog.purge('rebuilt', id, head.seq);
    }
    await one.consumer.stopAll();
    const { inbox, seats, followUps } = one.documents;
    for (const documents of [inbox, seats, followUps]) {
      const { items } = await documents.find({ filter: {}, limit: 1_000 });
      await documents.delete(items.map(({ id }) => id));
    }
    expect((await listed()).map(({ rows }) => rows.length)).toEqual([0, 0, 0, 0]);
    const folder = await temporaryFolder();
    const checkpoints = await openStore({
      name: 'checkpoints',
      durability: 'projection',
      folder: folder.path,
    });
    const rebuilt = createConsumer({
      log: two.eventLog,
      projection: two.assembly.projection,
      checkpoints,
      loadPurged: two.assembly.parts.history.loadPurged,
      listPurged: async (partition) => ({ keys: keys.filter((key) => key.partition === partition) }),
    });
    for (const partition of [0, 1]) await rebuilt.start(partition);
    await rebuilt.caughtUp();
    expect(await listed()).toEqual(before);
    await rebuilt.stopAll();
    await checkpoints.close();
    await folder.remove();
  });
});
