import { routing } from '@parley/contracts';
import type { Command } from '../../services/routing/src/domain.js';
import { AGENTS } from './configuration.js';
import type { Conversation } from './conversations.js';
import type { Operation, Step } from './schedule.js';
import type { World } from './world.js';
import { LANGUAGES, PAGES, TOPICS } from './workflows.js';

type Numbers = Step['n'];

const SPANS = [1, 4, 11, 16, 21, 31, 46, 61, 95, 600] as const;
const MOST_OPEN = 10;
const ASKED_FOR = ['', 'q0', 'q1', 'q2', 'gone'] as const;
const { AssignmentEnded_Reason: Ended, AgentStatus: Status } = routing;
const STATUSES = [
  Status.AGENT_STATUS_AVAILABLE,
  Status.AGENT_STATUS_AVAILABLE,
  Status.AGENT_STATUS_AVAILABLE,
  Status.AGENT_STATUS_AWAY,
  Status.AGENT_STATUS_BUSY,
  Status.AGENT_STATUS_OFFLINE,
] as const;

const at = <T>(list: readonly T[], n: number): T => list[n % list.length]!;

/** Does something with the one of these that the number picks; nothing when there are none. */
const pick = <T>(list: readonly T[], n: number, then: (one: T) => void): void => {
  if (list.length > 0) then(at(list, n));
};

const withStatus = ({ conversations }: World, ...statuses: Conversation['status'][]): Conversation[] =>
  [...conversations.all.values()].filter(({ status }) => statuses.includes(status));
const OPEN = ['queued', 'active', 'parked', 'away', 'bot'] as const;

const queueIdsOf = (world: World): string[] => [...world.engine.state.queues.keys(), 'gone'];

/** Answers one of the pending offers. */
const answer = (world: World, n: number, command: (offerId: string, agentId: string) => Command): void => {
  const offers = [...world.engine.model.chats.values()].flatMap((chat) =>
    [...chat.offers].map(([id, { agentId }]) => ({ id, agentId })),
  );
  pick(offers, n, ({ id, agentId }) => void world.engine.execute(command(id, agentId), world.now));
};

const leave = (world: World, [a, b]: Numbers, reason: routing.AssignmentEnded_Reason): void =>
  pick(withStatus(world, 'active'), a, (chat) =>
    world.conversations.leave(chat, at(chat.agents, b), world.now, reason),
  );

const late = (world: World, [a, b]: Numbers, kind: 'replyOverdue' | 'replyCaughtUp'): void =>
  pick(withStatus(world, 'active'), a, ({ id: conversationId, agents }) => {
    const whose = { conversationId, agentId: at(agents, b) };
    const command: Command =
      kind === 'replyOverdue' ? { kind, ...whose, since: world.now - 61_000 } : { kind, ...whose };
    world.engine.execute(command, world.now);
  });

const transfer = (world: World, [a, b, c]: Numbers): void =>
  pick(withStatus(world, 'active'), a, (chat) => {
    const queueId = at(queueIdsOf(world), c);
    if (b % 4 === 0) return world.conversations.handOver(chat, queueId, world.now);
    const warm = b % 2 === 0;
    const toQueue = warm && b % 3 === 0;
    const to = toQueue ? { agentId: '', queueId } : { agentId: at(AGENTS, c), queueId: '' };
    world.conversations.requestTransfer(chat, `x${++world.count}`, to, warm);
  });

/** What the steps that are no configuration do to the world. */
const HAPPENINGS: { readonly [O in Operation]?: (world: World, n: Numbers) => void } = {
  presence: (world, [a, b, c]) => world.report(at(AGENTS, a), at(STATUSES, b), c % 8 !== 0),
  stalePresence: (world, [a, b, c]) => {
    const agentId = at(AGENTS, a);
    const revision = world.engine.state.agents.get(agentId)?.revision ?? 0n;
    world.presence(agentId, at(STATUSES, b), true, revision - BigInt(c % 3));
  },
  arrive: (world, [a, b, c, d]) => {
    if (withStatus(world, ...OPEN).length >= MOST_OPEN) return;
    const facts = {
      topic: at(TOPICS, b),
      language: at(LANGUAGES, c),
      channel: 'WEB_CHAT',
      pageUrl: at(PAGES, d),
      priority: (a + b) % 10,
      contactId: `v${++world.count}`,
    };
    world.conversations.start(`c${world.count}`, at(ASKED_FOR, a), facts, world.now);
  },
  accept: (world, [a]) => answer(world, a, (offerId, agentId) => ({ kind: 'acceptOffer', offerId, agentId })),
  acceptForeign: (world, [a, b]) =>
    answer(world, a, (offerId) => ({ kind: 'acceptOffer', offerId, agentId: at(AGENTS, b) })),
  decline: (world, [a]) =>
    answer(world, a, (offerId, agentId) => ({ kind: 'declineOffer', offerId, agentId, reason: 'busy' })),
  close: (world, [a]) => pick(withStatus(world, 'active'), a, (chat) => world.conversations.close(chat)),
  visitorLeaves: (world, [a]) =>
    pick(withStatus(world, ...OPEN), a, (chat) => world.conversations.close(chat)),
  botHandsOver: (world, [a, b]) =>
    pick(withStatus(world, 'bot'), a, (chat) =>
      world.conversations.handToPeople(chat, at(ASKED_FOR, b), world.now),
    ),
  reopen: (world, [a]) =>
    pick(withStatus(world, 'closed'), a, (chat) => world.conversations.reopen(chat, world.now)),
  agentLeaves: (world, n) => leave(world, n, Ended.REASON_AGENT_LEFT),
  noReply: (world, n) => leave(world, n, Ended.REASON_NO_REPLY),
  park: (world, [a]) => pick(withStatus(world, 'active'), a, (chat) => world.conversations.park(chat)),
  unpark: (world, [a]) =>
    pick(withStatus(world, 'parked'), a, (chat) => world.conversations.unpark(chat, world.now)),
  transfer,
  cancelTransfer: (world, [a]) =>
    pick(withStatus(world, 'active'), a, (chat) => world.conversations.cancelTransfer(chat)),
  takeOver: (world, [a, b]) =>
    pick(withStatus(world, ...OPEN), a, (chat) => world.conversations.takeOver(chat, at(AGENTS, b))),
  assign: (world, [a, b, c]) =>
    pick(withStatus(world, 'queued'), a, ({ id: conversationId }) => {
      const to =
        b % 2 === 0
          ? { agentId: at(AGENTS, c), queueId: '' }
          : { agentId: '', queueId: at(queueIdsOf(world), c) };
      world.engine.execute({ kind: 'assignConversation', conversationId, ...to }, world.now);
    }),
  overdue: (world, n) => late(world, n, 'replyOverdue'),
  caughtUp: (world, n) => late(world, n, 'replyCaughtUp'),
  endWrapUp: (world, [a, b]) => {
    const busy = [...world.engine.model.agents.values()].filter(({ wrapUps }) => wrapUps.size > 0);
    pick(busy, a, ({ id: agentId, wrapUps }) => {
      const conversationId = at([...wrapUps.keys()], b);
      world.engine.execute({ kind: 'endWrapUp', conversationId, agentId }, world.now);
    });
  },
  deliver: (world, [a, b, c]) => {
    for (let i = 0; i <= a % 4; i++) {
      if ((b + i) % 2 === 0) world.deliverInput();
      else world.deliverEffect(c + i);
    }
  },
  duplicate: (world, [a]) =>
    pick(world.delivered, a, (command) => void world.engine.execute(command, world.now)),
  time: (world, [a, b, c]) => {
    world.now += at(SPANS, a) * 1000;
    // Now and then the clock of another machine, which is behind.
    world.engine.execute({ kind: 'tick' }, b % 20 === 0 ? world.now - 5000 : world.now);
    world.engine.tick(world.now);
    world.look(c);
  },
  restart: (world) => world.engine.restart(),
};

/** Lets a step of a schedule happen. Throws Violation with the first thing that is wrong. */
export const take = (world: World, step: Step): void => {
  world.now += 1 + (step.n[3] % 7);
  if (!world.configure(step)) HAPPENINGS[step.op]?.(world, step.n);
};
