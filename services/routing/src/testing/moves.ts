import { conversation } from '@parley/contracts';
import fc from 'fast-check';
import { configuring, name, someQueue, type Move } from './moves-config.js';
import {
  accept,
  after,
  agent,
  decline,
  end,
  enter,
  given,
  presence,
  queue,
  skill,
  team,
  tick,
  transfer,
  type World,
} from './world.js';

const chat = fc.integer({ min: 1, max: 8 }).map((n) => `c${n}`);
const seconds = fc.constantFrom(0, 1, 1, 5, 5, 10, 20, 31, 61, 600);

interface Weighted {
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<Move>;
}
const often = (weight: number, arbitrary: fc.Arbitrary<Move>): Weighted => ({ weight, arbitrary });

const answer = (conversationId: string, how: typeof accept, agentId?: string): Move => {
  return (world) => {
    const offers = world.state.chats.get(conversationId)?.offers ?? [];
    const offer = offers.find((each) => each.agentId === agentId) ?? offers.at(-1);
    world.when(how(offer?.id ?? `${conversationId}-o3`, agentId ?? offer?.agentId ?? 'ann'));
  };
};

/** The nth of those that fulfil something, so that what is rare is met all the same. */
const nth = <T>(all: Iterable<T>, n: number): T | undefined => {
  const list = [...all];
  return list[n % Math.max(1, list.length)];
};

const answeringAny = (how: typeof accept): fc.Arbitrary<Move> =>
  fc.nat(7).map((n): Move => {
    return (w) => {
      const offer = nth(
        [...w.state.chats.values()].flatMap(({ offers }) => offers),
        n,
      );
      if (offer) w.when(how(offer.id, offer.agentId));
    };
  });

const transferringAny = fc
  .record({ n: fc.nat(7), to: name, toQueue: fc.option(someQueue), warm: fc.boolean(), id: fc.nat(3) })
  .map(({ n, to, toQueue, warm, id }): Move => {
    return (w) => {
      const active = nth(
        [...w.state.chats.values()].filter(({ assignments }) => assignments.length > 0),
        n,
      );
      if (!active) return;
      const how = { warm, transferId: `${active.id}-t${id}`, toQueueId: toQueue ?? '' };
      w.when(transfer(active.id, active.assignments[0]?.agentId ?? '', toQueue ? '' : to, how));
    };
  });

const beingLate = fc.tuple(name, fc.nat(3), fc.boolean()).map(([who, n, late]): Move => {
  return (w) => {
    const conversationId = nth(w.state.agents.get(who)?.chats ?? [], n) ?? 'c1';
    if (late) w.when({ kind: 'replyOverdue', conversationId, agentId: who, since: w.now() });
    else w.when({ kind: 'replyCaughtUp', conversationId, agentId: who });
  };
});

const Reason = conversation.QueueEntered_Reason;
const REASONS = {
  STARTED: Reason.REASON_STARTED,
  AGENT_LEFT: Reason.REASON_AGENT_LEFT,
  TRANSFERRED: Reason.REASON_TRANSFERRED,
  UNPARKED: Reason.REASON_UNPARKED,
  NO_REPLY: Reason.REASON_NO_REPLY,
} as const;

const entering = fc
  .record({
    id: chat,
    sourceVersion: fc.integer({ min: 1, max: 20 }),
    queueId: fc.constantFrom('sales', 'support', 'gone'),
    priority: fc.nat(2),
    weight: fc.constantFrom(1, 1, 2),
    reason: fc.constantFrom('STARTED', 'STARTED', 'AGENT_LEFT', 'TRANSFERRED', 'UNPARKED', 'NO_REPLY'),
    topic: fc.constantFrom('returns', 'other'),
    language: fc.constantFrom('de-AT', 'en', ''),
    someone: name,
  })
  .map(({ id, reason, someone, ...more }): Move => {
    return (w) => {
      w.when(
        enter(id, {
          ...more,
          reason: REASONS[reason],
          lastAgentId: someone,
          ...(reason === 'UNPARKED' ? { preferredAgentId: someone } : {}),
          ...(reason === 'TRANSFERRED' ? { transferredBy: someone } : {}),
        }),
      );
    };
  });

const ending = fc
  .record({
    id: chat,
    version: fc.integer({ min: 1, max: 20 }),
    reason: fc.constantFrom(
      'CLOSED',
      'CLOSED',
      'AGENT_LEFT',
      'JOIN_REFUSED',
      'PARKED',
      'TRANSFERRED',
      'NO_REPLY',
    ),
    which: fc.nat(1),
  })
  .map(({ id, version, reason, which }): Move => {
    return (w) => {
      const held = w.state.chats.get(id)?.assignments ?? [];
      const agentId = reason === 'CLOSED' ? '' : (held[which % Math.max(1, held.length)]?.agentId ?? '');
      w.when(end(id, reason, reason === 'JOIN_REFUSED' ? 0 : version, agentId));
    };
  });

const transferring = fc
  .record({ id: chat, from: name, to: name, toQueue: fc.option(someQueue), warm: fc.boolean(), n: fc.nat(3) })
  .map(({ id, from, to, toQueue, warm, n }): Move => {
    return (w) => {
      const target = toQueue ? { toQueueId: toQueue } : {};
      w.when(transfer(id, from, toQueue ? '' : to, { warm, transferId: `${id}-t${n}`, ...target }));
    };
  });

const supervising = fc
  .record({
    id: chat,
    who: name,
    version: fc.integer({ min: 1, max: 20 }),
    to: fc.option(someQueue),
    n: fc.nat(3),
  })
  .chain(({ id, who, version, to, n }) =>
    fc.constantFrom<Move>(
      (w) => {
        w.when({ kind: 'cancelTransfer', conversationId: id, transferId: `${id}-t${n}` });
      },
      (w) => {
        w.when({ kind: 'assignConversation', conversationId: id, agentId: to ? '' : who, queueId: to ?? '' });
      },
      (w) => {
        w.when({
          kind: 'startAssignment',
          conversationId: id,
          agentId: who,
          weight: 0,
          sourceVersion: version,
        });
      },
      (w) => {
        w.when({ kind: 'replyOverdue', conversationId: id, agentId: who, since: w.now() });
      },
      (w) => {
        w.when({ kind: 'replyCaughtUp', conversationId: id, agentId: who });
      },
      (w) => {
        w.when({ kind: 'endWrapUp', conversationId: id, agentId: who });
      },
    ),
  );

/** Anything that may happen, likely things more often. */
export const move: fc.Arbitrary<Move> = fc.oneof(
  often(7, entering),
  often(
    6,
    chat.map((id) => answer(id, accept)),
  ),
  often(
    2,
    fc.tuple(chat, name).map(([id, who]) => answer(id, accept, who)),
  ),
  often(
    2,
    chat.map((id) => answer(id, decline)),
  ),
  often(8, answeringAny(accept)),
  often(2, answeringAny(decline)),
  often(4, transferringAny),
  often(2, beingLate),
  often(4, ending),
  often(1, transferring),
  often(3, supervising),
  often(4, configuring),
  often(
    5,
    fc
      .tuple(name, fc.constantFrom('AVAILABLE', 'AVAILABLE', 'AWAY', 'OFFLINE'), fc.boolean())
      .map(([id, status, online]): Move => (w) => {
        w.when(presence(id, status, { online: online || status === 'AVAILABLE' }));
      }),
  ),
  often(
    1,
    name.map(
      (id): Move =>
        (w) =>
          void w.when(presence(id, 'OFFLINE', { revision: 1n })),
    ),
  ),
  often(
    6,
    seconds.map((each): Move => (w) => {
      w.when(after(each));
      w.when(tick);
    }),
  ),
);

/** A world in which something can happen. */
export const beginning = (): World =>
  given(
    queue('sales', { wrapUpSeconds: 10, offerTimeoutSeconds: 20 }),
    queue('support'),
    skill('billing'),
    team('red'),
    agent('ann', ['sales'], { skills: { billing: 3 }, languages: ['de'] }),
    presence('ann'),
    agent('bob', ['sales', 'support'], { teamId: 'red' }),
    presence('bob'),
  );
