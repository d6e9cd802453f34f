import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { partitionOf } from '@parley/kernel';
import { eventually } from '@parley/testkit';
import { newContactId, pairOfInstances, sendRequest } from './testing/pair.js';
import {
  asAgent,
  asBoss,
  asIntegration,
  asSystem,
  asVisitor,
  joinRequest,
  startRequest,
} from './testing/service.js';
import { MINUTE } from './testing/story.js';

const { CloseReason: Reason } = conversation;
const pair = pairOfInstances();

const start = async (more: Parameters<typeof startRequest>[1] = {}) => {
  const contactId = newContactId();
  const visitor = { ...asVisitor(contactId), deadline: pair.clock.now() + 40_000 };
  const { conversationId } = await pair.one.public.startConversation(startRequest('s', more), visitor);
  return { contactId, visitor, conversationId };
};
const read = async (conversationId: string) =>
  (await pair.one.public.getConversation({ conversationId }, asBoss())).conversation;
/** Lets a process take over the timers of these conversations, which fires what is due. */
const wake = async (...ids: readonly string[]): Promise<void> => {
  await pair.two.timeouts.stopAll();
  for (const id of ids) await pair.two.timeouts.start(partitionOf(id)!);
};

describe('a chat that a bot has', () => {
  it('is taken from it when it does not answer: the visitor is asked for a message, with what is promised', async () => {
    const { conversationId, visitor } = await start();
    const { contactId, conversationId: answered } = await start();
    const until = () => ({ deadline: pair.clock.now() + 40_000 });
    for (const id of [conversationId, answered]) {
      pair.two.present.set(`acme/${id === answered ? contactId : visitor.principal.id}`, id);
      await pair.one.internal.handToBot(
        { conversationId: id, commandId: 'bot', queueVersion: 0 },
        { ...asSystem(), ...until() },
      );
    }
    await pair.one.public.sendMessage(sendRequest(answered, 'b1', 'Hello, I am a bot.'), {
      ...asIntegration(),
      ...until(),
    });
    pair.clock.advance(MINUTE + 1_000);
    const replyBy = new Date(pair.clock.now() + 90 * MINUTE);
    Object.assign(pair.two.promises, { replyBy });
    await wake(conversationId, answered);
    await eventually(async () =>
      expect(await read(conversationId)).toMatchObject({
        state: conversation.ConversationState.CONVERSATION_STATE_TAKING_MESSAGE,
        replyBy,
      }),
    );
    expect((await read(answered))?.state).toBe(conversation.ConversationState.CONVERSATION_STATE_BOT);
  });
});

describe('a visitor of whom presence never heard', () => {
  it('has left a minute after their last sign; whom presence knows waits on', async () => {
    const missed = await start();
    const wrote = await start();
    const waiting = await start();
    const program = await start({ channel: conversation.Channel.CHANNEL_API });
    pair.two.present.set(`acme/${waiting.contactId}`, waiting.conversationId);
    const others = [waiting, program];

    pair.clock.advance(30_000);
    await pair.one.public.sendMessage(sendRequest(wrote.conversationId, 'm1', 'hello?', 1), {
      ...wrote.visitor,
      deadline: pair.clock.now() + 40_000,
    });
    const lastSign = pair.clock.now();
    pair.clock.advance(31_000);
    await wake(missed.conversationId, wrote.conversationId, waiting.conversationId);
    await eventually(
      async () => (await read(missed.conversationId))?.closeReason === Reason.CLOSE_REASON_ABANDONED,
    );
    const { startedAt, closedAt } = (await read(missed.conversationId))!;
    expect(closedAt!.getTime()).toBeGreaterThanOrEqual(startedAt!.getTime() + MINUTE);
    expect((await read(wrote.conversationId))?.closedAt).toBeUndefined();

    pair.clock.advance(30_000);
    await wake(missed.conversationId, wrote.conversationId, waiting.conversationId);
    await eventually(
      async () => (await read(wrote.conversationId))?.closeReason === Reason.CLOSE_REASON_ABANDONED,
    );
    const events = await pair.one.public.listEvents(
      { conversationId: wrote.conversationId, afterVersion: 0, limit: 0 },
      asBoss(),
    );
    const closed = events.events.at(-1)?.event?.event;
    expect(closed?.$case).toBe('closed');
    const effectiveAt = closed?.$case === 'closed' ? closed.value.effectiveAt?.getTime() : undefined;
    expect(effectiveAt).toBeLessThanOrEqual(lastSign);
    for (const { conversationId } of others) expect((await read(conversationId))?.closedAt).toBeUndefined();
  });

  it('reopened what was answered, and is not taken for an abandonment', async () => {
    const { visitor, conversationId } = await start();
    const until = () => ({ deadline: pair.clock.now() + 40_000 });
    await pair.one.internal.joinConversation(joinRequest(conversationId, 'ann'), {
      ...asSystem(),
      ...until(),
    });
    const ann = { ...asAgent('ann'), ...until() };
    await pair.one.public.sendMessage(sendRequest(conversationId, 'a1', 'here you are', 1), ann);
    await pair.one.public.closeConversation({ conversationId, commandId: 'c', reason: 0 }, ann);
    await pair.one.public.reopenConversation({ conversationId, commandId: 'r' }, { ...visitor, ...until() });
    pair.clock.advance(MINUTE + 1_000);
    await wake(conversationId);
    await eventually(
      async () => (await read(conversationId))?.closeReason === Reason.CLOSE_REASON_VISITOR_ENDED,
    );
  });
});
