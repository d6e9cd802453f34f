import { analytics, type Handlers } from '@parley/contracts';
import { type Clock, invalidArgument } from '@parley/kernel';
import type { ConversationFact } from './definitions/fact.js';
import { DEFINITIONS_VERSION } from './definitions/facts.js';
import {
  handleSeconds,
  isConverted,
  isHandled,
  outcomeOf,
  outcomeOfEntry,
  waitSeconds,
  waitSecondsOf,
} from './definitions/outcome.js';
import { DAY_MS, dayOf } from './definitions/quarters.js';
import type { ReportQuery } from './reports.js';

export interface FactRow {
  readonly conversationId: string;
  readonly version: number;
  readonly fact: ConversationFact;
  readonly wrapUpMs: number;
  readonly acceptedAt?: number | undefined;
}

export interface ApiDeps {
  report(query: ReportQuery): Promise<{ rows: analytics.ReportRow[]; total: analytics.Figures }>;
  /** Chats that are open now. */
  live(
    tenant: string,
    queueId: string,
  ): Promise<{ waiting: number; oldestEnteredAt?: number; active: number }>;
  facts(query: {
    tenant: string;
    from: number;
    to: number;
    conversationId: string;
    limit: number;
    cursor: string;
  }): Promise<{ rows: FactRow[]; next?: string }>;
  readonly clock: Clock;
}

const LONGEST_DAYS = 92;

/** Handlers of AnalyticsService. */
export const analyticsApi = (deps: ApiDeps): Handlers<'parley.analytics.v1.AnalyticsService'> => ({
  async getReport({ from, to, groupBy, queueId, agentId }, { tenant }) {
    const range = rangeOf(from, to);
    const { rows, total } = await deps.report({ tenant, ...range, groupBy, queueId, agentId });
    return { rows, total, definitionsVersion: DEFINITIONS_VERSION };
  },

  async getLiveFigures({ queueId }, { tenant }) {
    const now = deps.clock.now();
    const groupBy = analytics.GroupBy.GROUP_BY_UNSPECIFIED;
    const from = dayOf(now);
    const { total } = await deps.report({ tenant, from, to: now + 1, groupBy, queueId, agentId: '' });
    const { waiting, oldestEnteredAt, active } = await deps.live(tenant, queueId);
    return {
      at: new Date(now),
      today: total,
      waiting,
      longestWait: oldestEnteredAt === undefined ? undefined : Math.max(0, now - oldestEnteredAt) / 1000,
      active,
      definitionsVersion: DEFINITIONS_VERSION,
    };
  },

  async listFacts({ from, to, conversationId, page }, { tenant }) {
    if (from && to && to <= from) throw invalidArgument('to', 'must be later than from');
    const { rows, next } = await deps.facts({
      tenant,
      from: from?.getTime() ?? 1,
      to: to?.getTime() ?? Number.MAX_SAFE_INTEGER,
      conversationId,
      limit: page?.limit || 50,
      cursor: page?.cursor ?? '',
    });
    return { facts: rows.map(toFact), nextCursor: next ?? '' };
  },
});

const rangeOf = (from: Date | undefined, to: Date | undefined): { from: number; to: number } => {
  const range = { from: from?.getTime() ?? 0, to: to?.getTime() ?? 0 };
  if (range.to <= range.from) throw invalidArgument('to', 'must be later than from');
  if (range.to - range.from > LONGEST_DAYS * DAY_MS)
    throw invalidArgument('to', `must be within ${LONGEST_DAYS} days of from; ask for several reports`);
  return range;
};

const dateOf = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));

const toFact = ({ conversationId, version, fact, wrapUpMs, acceptedAt }: FactRow): analytics.Fact => ({
  conversationId,
  queueId: fact.queueId,
  agentId: fact.agentId,
  enteredAt: dateOf(fact.enteredAt),
  acceptedAt: dateOf(acceptedAt ?? fact.joinedAt),
  answeredAt: dateOf(fact.answeredAt),
  closedAt: dateOf(fact.closedAt),
  closeReason: fact.closeReason,
  outcome: outcomeOf(fact),
  waitSeconds: waitSeconds(fact),
  handleSeconds: isHandled(fact) ? handleSeconds(fact, wrapUpMs) : undefined,
  visitorMessages: fact.visitorMessages,
  agentMessages: fact.agentMessages,
  rating: fact.rating,
  converted: isConverted(fact),
  version,
  entries: fact.entries.map((entry) => ({
    queueId: entry.queueId,
    enteredAt: new Date(entry.from),
    outcome: outcomeOfEntry(fact, entry),
    waitSeconds: waitSecondsOf(fact, entry),
    agentId: entry.agentId ?? '',
  })),
  holdSeconds: fact.holdMs / 1000,
  queueSeconds: fact.queuedMs / 1000,
  transfers: fact.transfers,
  transfersRefused: fact.transfersRefused,
  takenOver: fact.takenOver,
});
