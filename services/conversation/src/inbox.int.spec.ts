import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { newContactId, pairOfInstances, reasonOf, sendRequest } from './testing/pair.js';
import { asAgent, asBoss, asSystem, asVisitor, joinRequest, startRequest } from './testing/service.js';

const pair = pairOfInstances();

describe('the inbox', () => {
  const listed = async (
    scope: conversation.InboxScope,
    context = asAgent('ivy', 'inbox'),
    cursor = '',
    limit = 0,
  ) => pair.two.public.listInbox({ scope, queueId: '', page: { limit, cursor } }, context);
  const { InboxScope: Scope } = conversation;
  const idsIn = async (
    scope: conversation.InboxScope,
    context = asAgent('ivy', 'inbox'),
  ): Promise<string[]> => (await listed(scope, context)).rows.map((row) => row.conversationId);

  it('moves a chat from the queue to its agent and to the closed ones', async () => {
    const visitor = asVisitor(newContactId(), 'inbox');
    const { conversationId } = await pair.one.public.startConversation(
      startRequest('s', { name: 'Mia' }),
      visitor,
    );
    await pair.one.consumer.caughtUp();
    expect(await idsIn(Scope.INBOX_SCOPE_QUEUE)).toEqual([conversationId]);
    await pair.one.internal.joinConversation(joinRequest(conversationId, 'ivy'), asSystem('inbox'));
    await pair.one.public.sendMessage(sendRequest(conversationId, 'v1', 'hello', 1), visitor);
    await pair.one.consumer.caughtUp();
    expect(await idsIn(Scope.INBOX_SCOPE_QUEUE)).toEqual([]);
    const { rows } = await listed(Scope.INBOX_SCOPE_MINE);
    expect(rows[0]).toMatchObject({ conversationId, contactName: 'Mia', lastText: 'hello', unread: 1 });
    expect(await idsIn(Scope.INBOX_SCOPE_MINE, asAgent('max', 'inbox'))).toEqual([]);
    expect(await idsIn(Scope.INBOX_SCOPE_ALL, asBoss('inbox'))).toEqual([conversationId]);
    expect(await reasonOf(listed(Scope.INBOX_SCOPE_ALL))).toBe('ROLE_NOT_ALLOWED');
    await pair.one.public.closeConversation(
      { conversationId, commandId: 'c', reason: 1 },
      asAgent('ivy', 'inbox'),
    );
    await pair.one.consumer.caughtUp();
    expect(await idsIn(Scope.INBOX_SCOPE_MINE)).toEqual([]);
    expect(await idsIn(Scope.INBOX_SCOPE_CLOSED)).toEqual([conversationId]);
    expect(await idsIn(Scope.INBOX_SCOPE_CLOSED, asAgent('max', 'inbox'))).toEqual([]);
    expect(await idsIn(Scope.INBOX_SCOPE_CLOSED, asBoss('inbox'))).toEqual([conversationId]);
    expect(await idsIn(Scope.INBOX_SCOPE_CLOSED, asBoss('elsewhere'))).toEqual([]);
  });

  it('is paged, longest waiting first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const answer = await pair.one.public.startConversation(
        startRequest('s'),
        asVisitor(newContactId(), 'paged'),
      );
      ids.push(answer.conversationId);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await pair.one.consumer.caughtUp();
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const page = await listed(Scope.INBOX_SCOPE_QUEUE, asAgent('ivy', 'paged'), cursor, 2);
      found.push(...page.rows.map((row) => row.conversationId));
      if (!(cursor = page.nextCursor)) break;
    }
    expect([...found].sort()).toEqual([...ids].sort());
    expect(found).toHaveLength(5);
  });

  it('shows agents who waits in their queues only', async () => {
    const started = await Promise.all(
      ['sales', 'care'].map((queueId) =>
        pair.one.public.startConversation(
          { ...startRequest('s'), queueId },
          asVisitor(newContactId(), 'queues'),
        ),
      ),
    );
    const [sales, care] = started.map(({ conversationId }) => conversationId);
    await pair.one.consumer.caughtUp();
    pair.two.queuesOf.set('sal', ['sales']).set('nora', []);
    const waiting = async (queueId: string, context = asAgent('sal', 'queues')): Promise<string[]> => {
      const page = { limit: 0, cursor: '' };
      const { rows } = await pair.two.public.listInbox(
        { scope: Scope.INBOX_SCOPE_QUEUE, queueId, page },
        context,
      );
      return rows.map(({ conversationId }) => conversationId).sort();
    };
    expect(await waiting('')).toEqual([sales]);
    expect(await waiting('sales')).toEqual([sales]);
    expect(await reasonOf(waiting('care'))).toBe('NOT_YOUR_QUEUE');
    expect(await waiting('', asAgent('nora', 'queues'))).toEqual([]);
    expect(await waiting('', asBoss('queues'))).toEqual([sales, care].sort());
    expect(await waiting('care', asBoss('queues'))).toEqual([care]);
  });
});
