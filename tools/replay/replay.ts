import { type Admin, type AgentChat, Agents } from './agents.js';
import type { Chat } from './chats.js';
import { ReadBack, type Replayed } from './readback.js';
import { Onlookers } from './onlookers.js';
import { Returns, type ReturnFigures } from './returns.js';
import { quantile, score } from './score.js';
import { Slowest, type Slow } from './slowest.js';
import { Visitor, type Target } from './visitor.js';

export interface ReplayOptions {
  readonly chats: readonly Chat[];
  /** Chats open at once. */
  readonly concurrency: number;
  readonly gateway: string;
  /** Where sockets connect; the gateway itself when not given. */
  readonly socketGateway?: string;
  readonly grpcAddress: string;
  readonly tenant: string;
  readonly admin: Admin;
  /** Visitors with an open socket who say nothing; none when not given. */
  readonly onlookers?: number;
  /** While it says so, chats are begun again from the first; for runs that last as long as something else. */
  readonly goOn?: () => boolean;
  /** Chats that the agents take at once, in place of half as many again as are open: fewer make visitors wait. */
  readonly capacity?: number;
  /** Takes away the queue and the agents that were made for it. */
  readonly tidy?: boolean;
  readonly onProgress?: (done: number, failures: number) => void;
}

export interface ReplayResult extends ReturnFigures {
  chats: number;
  messages: number;
  lost: number;
  duplicated: number;
  reordered: number;
  transcriptMismatches: number;
  /** Figures of analytics that differ from what was counted here. */
  analyticsMismatches: number;
  p50Ms: number;
  p99Ms: number;
  /** The longest that somebody waited until a message of theirs was durable and both sides had it. */
  longestInterruptionMs: number;
  /** The messages that took longest, to be held against what happened then. */
  slowest: readonly Slow[];
  seconds: number;
}

/** Drives chats through real sockets; `problems` tells each deviation in words. */
export const replay = async (
  options: ReplayOptions,
): Promise<{ result: ReplayResult; problems: string[]; replayed: readonly Replayed[] }> => {
  const startedAt = new Date();
  const run = startedAt.getTime().toString(36);
  const target: Target = {
    http: options.gateway,
    socket: options.socketGateway ?? options.gateway,
    tenant: options.tenant,
    queueId: `replay-${run}`,
  };
  const returns = new Returns();
  const agents = new Agents(target, returns);
  const onlookers = new Onlookers();
  const problems: string[] = [];
  const latencies: number[] = [];
  const slowest = new Slowest();
  const replayed: Replayed[] = [];
  const totals = { lost: 0, duplicated: 0, reordered: 0, messages: 0, byVisitors: 0, byAgents: 0, good: 0 };
  // Room for half as many again, so that a chat never waits for another to end.
  await agents.start(
    options.admin,
    Math.max(2, Math.ceil(options.concurrency / 20)),
    options.capacity ?? options.concurrency * 1.5,
  );
  await onlookers.come(target, options.onlookers ?? 0, returns);

  const one = async (chat: Chat, index: number): Promise<void> => {
    const ids = chat.turns.map((_, turn) => `${run}-${index}-${turn}`);
    const visitor = new Visitor(target, chat, ids, returns);
    let agent: AgentChat | undefined;
    try {
      await visitor.start();
      agent = await agents.chat(visitor.conversationId);
      await agent.side.shown(ids[0]!);
      const counts = { visitor: 0, agent: 0 };
      for (const [turn, { from, text }] of chat.turns.entries()) {
        const id = ids[turn]!;
        if (turn > 0) {
          const sentAt = performance.now();
          const sent =
            from === 'visitor' ? visitor.send(turn, ++counts.visitor) : agent.send(id, text, ++counts.agent);
          const [durableAt, agentAt, visitorAt] = await Promise.all([
            sent.then(() => performance.now()),
            agent.side.shown(id),
            visitor.side.shown(id),
          ]);
          if (from === 'visitor') latencies.push(agentAt - sentAt);
          slowest.note(from, durableAt - sentAt, agentAt - sentAt, visitorAt - sentAt);
        } else counts.visitor++;
      }
      await agent.close(`close-${ids[0]}`);
      const rating = (index % 5) + 1;
      await visitor.rate(rating);
      if (rating >= 4) totals.good++;
    } catch (error) {
      problems.push(
        `chat ${chat.id} (${visitor.conversationId || 'not started'}): ${(error as Error).message}`,
      );
    } finally {
      for (const [who, seen] of [
        ['visitor', visitor.side.seen],
        ['agent', agent?.side.seen],
      ] as const) {
        const { lost, duplicated, reordered } = seen
          ? score(ids, seen)
          : { lost: ids.length, duplicated: 0, reordered: 0 };
        totals.lost += lost;
        totals.duplicated += duplicated;
        totals.reordered += reordered;
        if (lost + duplicated + reordered > 0)
          problems.push(
            `chat ${chat.id}, ${who}: ${lost} lost, ${duplicated} duplicated, ${reordered} reordered`,
          );
      }
      visitor.leave();
      agent?.leave();
    }
    totals.messages += chat.turns.length;
    totals.byVisitors += chat.turns.filter((t) => t.from === 'visitor').length;
    totals.byAgents += chat.turns.filter((t) => t.from === 'agent').length;
    replayed.push({ chat, conversationId: visitor.conversationId });
    options.onProgress?.(replayed.length, problems.length);
  };

  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < options.chats.length || options.goOn?.(); index = next++)
      await one(options.chats[index % options.chats.length]!, index);
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  const returned = await returns.figures(30_000);
  if (returned.notReturned > 0) problems.push(`${returned.notReturned} sockets did not come back`);
  onlookers.leave();

  const readBack = new ReadBack(options.grpcAddress, agents.adminToken);
  const wrong = await readBack.transcriptMismatches(replayed, 60_000);
  for (const id of wrong) problems.push(`transcript of ${id} differs from the file`);
  const answered = replayed.filter(({ chat: c }) => c.turns.some((t) => t.from === 'agent')).length;
  const expected: Record<string, number> = {
    offered: replayed.length,
    answered,
    abandoned: replayed.length - answered,
    waiting: 0,
    closed: replayed.length,
    ratings: replayed.length,
    messagesByVisitors: totals.byVisitors,
    messagesByAgents: totals.byAgents,
    csat: totals.good / replayed.length,
  };
  const want = { closed: replayed.length, ratings: replayed.length };
  const figures = await readBack.figures(target.queueId, startedAt, want, 60_000);
  const differing = Object.entries(expected).filter(([name, value]) => {
    const told = (figures as unknown as Record<string, number> | undefined)?.[name];
    return told === undefined || Math.abs(told - value) > 1e-9;
  });
  for (const [name, value] of differing)
    problems.push(
      `analytics: ${name} is ${(figures as unknown as Record<string, number> | undefined)?.[name]}, counted ${value}`,
    );
  readBack.close();
  agents.stop();
  if (options.tidy) await agents.tidy();
  latencies.sort((a, b) => a - b);
  const result = {
    chats: replayed.length,
    messages: totals.messages,
    lost: totals.lost,
    duplicated: totals.duplicated,
    reordered: totals.reordered,
    transcriptMismatches: wrong.length,
    analyticsMismatches: differing.length,
    p50Ms: Math.round(quantile(latencies, 0.5) * 10) / 10,
    p99Ms: Math.round(quantile(latencies, 0.99) * 10) / 10,
    longestInterruptionMs: slowest.longestMs,
    slowest: slowest.messages,
    ...returned,
    seconds: Math.round(seconds * 10) / 10,
  };
  return { result, problems, replayed };
};
