import { graph, of, orZero, rateOf, stat, type BoardSpec } from '../panels.js';

const NONE = [1, 1] as const;
const byPartition = (metric: string, more = ''): string => `max by (log, partition) (${of(metric, more)})`;
const lag = `max by (projection, partition) (${of('parley_consumer_lag_commits')})`;
const perMinute = (metric: string, by: string): string => `sum by (${by}) (${rateOf(metric)}) * 60`;

export const log: BoardSpec = {
  uid: 'parley-log',
  title: 'Parley / Event log and NATS',
  help: 'The log in JetStream, who writes it and who follows it, as the services see it; no exporter of NATS is needed.',
  variables: [],
  rows: [
    {
      title: 'At a glance',
      panels: [
        stat({
          title: 'Pods without NATS',
          help: 'They answer nothing and deliver nothing. Alert: ParleyNatsDisconnected.',
          unit: 'short',
          queries: [
            {
              expr: `count(${of('parley_bus_connected')}) - sum(${of('parley_bus_connected')})`,
              legend: 'pods',
            },
          ],
          limits: NONE,
        }),
        stat({
          title: 'Copies behind',
          help: 'Copies of partitions that lack commits or whose server is away. Alert: ParleyLogCopiesBehind.',
          unit: 'short',
          queries: [
            {
              expr: `sum(${byPartition('parley_log_stream_replicas', 'state="lagging"')})`,
              legend: 'copies',
            },
          ],
          limits: NONE,
        }),
        stat({
          title: 'Largest lag',
          help: 'Commits that the projection furthest behind has yet to apply. Alert: ParleyConsumerLag.',
          unit: 'short',
          queries: [{ expr: `max(${lag})`, legend: 'commits' }],
          limits: [1_000, 10_000],
        }),
        stat({
          title: 'Parked',
          help: 'Conversations and the like that a projection has set aside because it cannot apply a commit. Alert: ParleyParkedAggregates.',
          unit: 'short',
          queries: [
            {
              expr: `sum(max by (projection, partition) (${of('parley_consumer_parked_aggregates')}))`,
              legend: 'parked',
            },
          ],
          limits: NONE,
        }),
        stat({
          title: 'Size of the logs',
          help: 'All partitions, one copy of each. What transcript keeps is purged.',
          unit: 'bytes',
          queries: [{ expr: `sum(${byPartition('parley_log_stream_bytes')})`, legend: 'bytes' }],
        }),
        stat({
          title: 'Appends that failed',
          help: 'Commits refused by the log, or whose answer was lost; they are tried again. Alert: ParleyLogAppendErrors.',
          unit: 'cpm',
          queries: [
            {
              expr: orZero(`sum(${rateOf('parley_log_appends_total', 'outcome=~"error|unknown"')}) * 60`),
              legend: 'failed',
            },
          ],
          limits: [1, 10],
        }),
      ],
    },
    {
      title: 'Writing',
      panels: [
        graph({
          title: 'Appends',
          help: 'Commits by log and outcome, each second.',
          unit: 'cps',
          queries: [
            {
              expr: `sum by (log, outcome) (${rateOf('parley_log_appends_total')})`,
              legend: '{{log}} {{outcome}}',
            },
          ],
        }),
        graph({
          title: 'Commits a batch',
          help: 'How many commits go together to the log; more under load, which is what keeps it fast.',
          unit: 'short',
          queries: [
            {
              expr: `sum by (log) (${rateOf('parley_log_batch_commits_sum')}) / (sum by (log) (${rateOf('parley_log_batch_commits_count')}) > 0)`,
              legend: '{{log}}',
            },
          ],
        }),
        graph({
          title: 'Commits held',
          help: 'By log; grows with what is not purged yet.',
          unit: 'short',
          queries: [
            { expr: `sum by (log) (${byPartition('parley_log_stream_commits')})`, legend: '{{log}}' },
          ],
        }),
      ],
    },
    {
      title: 'Following',
      panels: [
        graph({
          title: 'Lag by projection',
          help: 'Commits yet to be applied, of the partition furthest behind.',
          unit: 'short',
          queries: [
            { expr: `max by (projection) (${of('parley_consumer_lag_commits')})`, legend: '{{projection}}' },
          ],
          limits: [1_000, 10_000],
        }),
        graph({
          title: 'Applied',
          help: 'Commits that each projection has dealt with, each second.',
          unit: 'cps',
          queries: [
            {
              expr: `sum by (projection) (${rateOf('parley_consumer_commits_total')})`,
              legend: '{{projection}}',
            },
          ],
        }),
        graph({
          title: 'Retries, restarts, repeats',
          help: 'Batches that had to wait for a store, a service or the log; readings that began again; commits that came a second time and were passed over.',
          unit: 'cpm',
          queries: [
            {
              expr: orZero(perMinute('parley_consumer_retries_total', 'projection'), 'projection'),
              legend: 'retries {{projection}}',
            },
            {
              expr: orZero(perMinute('parley_consumer_restarts_total', 'projection'), 'projection'),
              legend: 'restarts {{projection}}',
            },
            {
              expr: orZero(perMinute('parley_consumer_repeats_total', 'projection'), 'projection'),
              legend: 'repeats {{projection}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'NATS and owners',
      panels: [
        graph({
          title: 'Connections that came back',
          help: 'Times a pod found its way back to NATS.',
          unit: 'cpm',
          queries: [
            {
              expr: orZero(perMinute('parley_bus_reconnects_total', 'service'), 'service'),
              legend: '{{service}}',
            },
          ],
        }),
        graph({
          title: 'Requests sent again',
          help: 'Nobody was there, the connection was lost, or no answer came for long.',
          unit: 'cpm',
          queries: [
            {
              expr: orZero(perMinute('parley_bus_resends_total', 'service, reason'), 'service'),
              legend: '{{service}} {{reason}}',
            },
          ],
        }),
        graph({
          title: 'Partitions with an owner',
          help: 'By group. A sum that falls means that commands of some conversations have nobody to carry them out.',
          unit: 'short',
          queries: [
            { expr: `sum by (group) (${of('parley_membership_owned_partitions')})`, legend: '{{group}}' },
          ],
        }),
        graph({
          title: 'Timers',
          help: 'Due conversations handed to their service, by outcome.',
          unit: 'cpm',
          width: 12,
          queries: [
            {
              expr: orZero(
                `sum by (timers, outcome) (${rateOf('parley_timers_fired_total')}) * 60`,
                'timers',
              ),
              legend: '{{timers}} {{outcome}}',
            },
          ],
        }),
        graph({
          title: 'Left the log',
          help: 'Conversations purged because transcript keeps them, erased by retention, and routing’s logs trimmed, each hour.',
          unit: 'short',
          width: 12,
          queries: [
            {
              expr: orZero(`sum(${rateOf('parley_transcript_purged_conversations_total')}) * 3600`),
              legend: 'purged',
            },
            {
              expr: orZero(`sum(${rateOf('parley_transcript_retention_erasures_total')}) * 3600`),
              legend: 'erased',
            },
            { expr: orZero(`sum(${rateOf('parley_routing_trims_total')}) * 3600`), legend: 'trimmed' },
          ],
        }),
      ],
    },
  ],
};
