import type { Client } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import { purgedFrom } from '@parley/service';
import type { Metrics } from '@parley/telemetry';
import { Board, type FigureLimits } from './board.js';
import { ConversationFacts } from './conversation-facts.js';
import { Marks } from './marks.js';
import { FactReader } from './reader.js';
import { Reports } from './reports.js';
import { Rollups } from './rollups.js';
import { routingFacts } from './routing-facts.js';
import type { AnalyticsStore } from './store.js';

export interface Surroundings {
  readonly store: AnalyticsStore;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Pause after each batch, ms. */
  readonly restMs: number;
  readonly transcripts: Pick<Client<'parley.transcript.v1.TranscriptInternalService'>, 'readCommits'>;
  /** Partitions of tenants whose figures this instance shows as metrics. */
  readonly owned: () => ReadonlySet<number>;
  readonly limits: FigureLimits;
}

/** The parts of the service over what it stands on. */
export const assemble = ({ store, clock, metrics, restMs, transcripts, owned, limits }: Surroundings) => {
  const marks = new Marks(store.marks, clock);
  const reports = new Reports(store, clock);
  const reader = new FactReader(store);
  return {
    conversations: new ConversationFacts(store, marks, restMs),
    routing: routingFacts(store, marks, restMs),
    rollups: new Rollups(store, clock),
    board: new Board({ store, reports, reader, metrics, clock, owned, limits }),
    loadPurged: purgedFrom(transcripts, 'analytics', clock),
    /** What the handlers need. */
    parts: {
      report: reports.report.bind(reports),
      live: reader.live.bind(reader),
      facts: reader.facts.bind(reader),
      clock,
    },
  };
};
