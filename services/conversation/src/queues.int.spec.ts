import { afterEach, describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { newContactId, pairOfInstances, reasonOf } from './testing/pair.js';
import { asIntegration, asSystem, asVisitor, startRequest } from './testing/service.js';

const pair = pairOfInstances();
const { ConversationState: Status } = conversation;

describe('starting in a queue that there is not', () => {
  const started = (contactId: string, commandId = 's', queueId = 'salse', text = '') =>
    pair.one.public.startConversation(
      startRequest(commandId, { contactId, queueId, text }),
      asIntegration('queues'),
    );

  afterEach(() => pair.one.queues.clear());

  it('is refused for an integration, which hears what to do; nothing has begun', async () => {
    pair.one.queues.set('sales', true);
    const contactId = newContactId();
    await expect(started(contactId)).rejects.toMatchObject({
      message:
        'queueId: there is no queue "salse"; name one that ListQueues shows, such as "sales", or leave it out for the default queue.',
      details: { reason: 'NO_SUCH_QUEUE', violations: [{ field: 'queueId' }] },
    });
    const { contacts } = pair.one.assembly.parts;
    expect(await contacts.find('queues', contactId)).toBeUndefined();
    expect(await started(contactId, 's', 'sales')).toMatchObject({ created: true });
  });

  it('is a chat in the default queue for a visitor, who cannot mend it', async () => {
    pair.one.queues.set('sales', true);
    const request = startRequest('s', { queueId: 'salse' });
    const visitor = asVisitor(newContactId(), 'queues');
    expect(await pair.one.public.startConversation(request, visitor)).toMatchObject({ created: true });
  });

  it('does not matter for one that is open, or that was begun before', async () => {
    pair.one.queues.set('salse', true);
    const contactId = newContactId();
    const first = await started(contactId);
    pair.one.queues.clear();
    pair.one.queues.set('sales', true);
    expect(await started(contactId)).toEqual(first);
    expect(await started(contactId, 'other', 'salse', 'Hello?')).toMatchObject({
      conversationId: first.conversationId,
      created: false,
    });
  });

  it('is let through while routing does not answer', async () => {
    expect(await reasonOf(started(newContactId()))).toBeUndefined();
  });

  it('is no matter of the name for the default queue, whatever that is called', async () => {
    pair.one.queues.set('sales', true);
    expect(await reasonOf(started(newContactId(), 's', 'default'))).toBeUndefined();
    expect(await reasonOf(started(newContactId(), 's', ''))).toBeUndefined();
  });
});

describe('a bot that hands its chat to a queue that there is not', () => {
  const withBot = async (): Promise<string> => {
    const request = startRequest('s', { contactId: newContactId(), queueId: 'sales' });
    const { conversationId } = await pair.one.public.startConversation(request, asIntegration('bots'));
    const told = { conversationId, commandId: 'bot', queueVersion: 0 };
    await pair.one.internal.handToBot(told, asSystem('bots'));
    return conversationId;
  };
  const handOn = (conversationId: string, queueId: string) =>
    pair.one.public.queueConversation({ conversationId, commandId: 'q', queueId }, asIntegration('bots'));
  const placeOf = async (conversationId: string) =>
    (await pair.one.public.getConversation({ conversationId }, asIntegration('bots'))).conversation;

  afterEach(() => pair.one.queues.clear());

  it('does so all the same: people take it where it was, and the bot hears of its mistake', async () => {
    pair.one.queues.set('sales', true);
    const conversationId = await withBot();
    const done = await handOn(conversationId, 'salse');
    expect(done).toMatchObject({ queueUnknown: true });
    expect(await placeOf(conversationId)).toMatchObject({
      state: Status.CONVERSATION_STATE_QUEUED,
      queueId: 'sales',
    });
    expect(await handOn(conversationId, 'salse')).toEqual(done);
  });

  it('is believed while routing does not answer, and about queues that there are', async () => {
    const unasked = await withBot();
    expect(await handOn(unasked, 'salse')).toMatchObject({ queueUnknown: false });
    expect(await placeOf(unasked)).toMatchObject({ queueId: 'salse' });
    pair.one.queues.set('sales', true).set('night', false);
    const closed = await withBot();
    expect(await handOn(closed, 'night')).toMatchObject({ queueUnknown: false });
    expect(await placeOf(closed)).toMatchObject({ queueId: 'night' });
  });
});
