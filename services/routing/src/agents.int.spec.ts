import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { conversation, routing } from '@parley/contracts';
import { openEventLog } from '@parley/eventlog';
import { newUlid } from '@parley/kernel';
import { eventually } from '@parley/testkit';
import { DOMAIN_ID, eventsOf } from './codec.js';
import { Trio } from './testing/trio.js';

jest.setTimeout(90_000);

let trio: Trio;
beforeAll(async () => {
  trio = await Trio.start();
});
afterAll(async () => {
  await trio.stop();
});

const id = (): string => newUlid(Date.now());

describe('agents who come and go', () => {
  it('lose or keep their chats when their connection is gone, as their queue has it', async () => {
    const [desk, chat] = await trio.withAnn({ disconnectGraceSeconds: 1 });
    desk.gateway.close('ann');
    await desk.accept('bob', chat);
    await desk.agentsIn(chat, 'bob');
    expect((await desk.facts(chat, 'agentLeft'))[0]).toEqual({
      agentId: 'ann',
      reason: conversation.AgentLeft_Reason.REASON_DISCONNECTED,
    });
    const disconnectPolicy = routing.DisconnectPolicy.DISCONNECT_POLICY_HOLD;
    await desk.queue('sales', { isDefault: true, disconnectGraceSeconds: 1, disconnectPolicy });
    desk.gateway.close('bob');
    const { NEXT_PLACED, NEXT_AGENT_HELD } = conversation.VisitorInformed_Next;
    await desk.until(
      async () => (await desk.facts(chat, 'visitorInformed')).map(({ next }) => next),
      // Placed once, though the chat has entered the queue twice.
      [NEXT_PLACED, NEXT_AGENT_HELD],
    );
    expect((await desk.get(chat))?.agentIds).toEqual(['bob']);
  });

  it('finish their chats: offline after the last one, and no other meanwhile', async () => {
    const [desk, chat] = await trio.withAnn({ wrapUpSeconds: 1 });
    const { AGENT_STATUS_AWAY, AGENT_STATUS_OFFLINE } = routing.AgentStatus;
    const ann = async () => (await desk.agentState('ann'))?.status;
    await desk.status('ann', AGENT_STATUS_AWAY, true);
    await desk.until(ann, AGENT_STATUS_AWAY);
    const other = await desk.chat('willy');
    await desk.accept('bob', other);
    expect(await ann()).toBe(AGENT_STATUS_AWAY);
    const close = {
      conversationId: chat,
      commandId: id(),
      reason: conversation.CloseReason.CLOSE_REASON_RESOLVED,
    };
    await desk.conversations.closeConversation(
      conversation.CloseConversationRequest.fromPartial(close),
      desk.as('agent', 'ann'),
    );
    await desk.until(ann, AGENT_STATUS_OFFLINE);
  });

  it('come back ten thousand at once in a few commits, and go as well', async () => {
    const desk = await trio.tenant();
    const log = await openEventLog({ bus: trio.bus, name: 'routing', partitions: 4 });
    const reports = async () => {
      const { commits } = await log.load(desk.name, DOMAIN_ID);
      const all = commits.map(({ commit }) =>
        eventsOf(commit).flatMap(({ event }) =>
          event?.$case === 'agentPresenceChanged' ? [event.value] : [],
        ),
      );
      return all.filter((some) => some.length > 0);
    };
    const seen = async (online: boolean, before: number): Promise<number> => {
      await eventually(
        async () => {
          const some = (await reports()).slice(before).flat();
          const agents = new Set(
            some.filter((report) => report.online === online).map(({ agentId }) => agentId),
          );
          expect(agents.size).toBe(10_000);
        },
        { timeoutMs: 60_000, intervalMs: 500 },
      );
      return (await reports()).length;
    };
    const hundreds = Array.from({ length: 100 }, (_, i) =>
      Array.from({ length: 100 }, (_agent, n) => `a-${i}-${n}`),
    );
    for (const some of hundreds) desk.gateway.open('AGENT', some);
    const came = await seen(true, 0);
    expect(came).toBeLessThan(150);
    // A network that is away for longer than the grace time, and back.
    for (const some of hundreds) desk.gateway.close(...some);
    const went = await seen(false, came);
    for (const some of hundreds) desk.gateway.open('AGENT', some);
    const back = await seen(true, went);
    expect([went - came, back - went].every((commits) => commits < 150)).toBe(true);
  });
});
