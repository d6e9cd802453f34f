import type { MetricDeclaration } from './metric-declaration.js';

const latency = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** What every service counts: calls, bus, logs, consumers, timers. */
export const platformMetrics = {
  rpcServerRequests: {
    name: 'parley_rpc_server_requests_total',
    type: 'counter',
    help: 'Requests answered, by transport (nats, grpc), method and canonical code (ok, not_found, …).',
    labels: ['transport', 'method', 'code'],
    unit: 'requests',
  },
  rpcServerDuration: {
    name: 'parley_rpc_server_duration_seconds',
    type: 'histogram',
    help: 'Time from a request to its answer inside the serving process.',
    labels: ['transport', 'method'],
    unit: 'seconds',
    buckets: latency,
  },
  rpcServerExpired: {
    name: 'parley_rpc_server_expired_total',
    type: 'counter',
    help: 'Requests dropped because their deadline had passed when they arrived.',
    labels: ['transport'],
    unit: 'requests',
  },
  busResends: {
    name: 'parley_bus_resends_total',
    type: 'counter',
    help: 'Requests sent again: nobody was there, the connection was lost, or no answer came for long.',
    labels: ['reason'],
    unit: 'requests',
  },
  busConnected: {
    name: 'parley_bus_connected',
    type: 'gauge',
    help: '1 while connected to NATS, otherwise 0.',
    labels: [],
    unit: 'state',
  },
  busReconnects: {
    name: 'parley_bus_reconnects_total',
    type: 'counter',
    help: 'Times the connection to NATS came back.',
    labels: [],
    unit: 'reconnects',
  },
  logAppends: {
    name: 'parley_log_appends_total',
    type: 'counter',
    help: 'Appends to a log by outcome: ok, conflict, unknown (the answer was lost), error.',
    labels: ['log', 'outcome'],
    unit: 'commits',
  },
  logBatchCommits: {
    name: 'parley_log_batch_commits',
    type: 'histogram',
    help: 'Commits written together as one atomic batch (1: written alone).',
    labels: ['log'],
    unit: 'commits',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  },
  consumerLag: {
    name: 'parley_consumer_lag_commits',
    type: 'gauge',
    help: 'Sequences between the end of a partition and what the projection has applied or parked.',
    labels: ['projection', 'partition'],
    unit: 'commits',
  },
  consumerParked: {
    name: 'parley_consumer_parked_aggregates',
    type: 'gauge',
    help: 'Aggregates set aside because one of their commits cannot be applied.',
    labels: ['projection', 'partition'],
    unit: 'aggregates',
  },
  consumerCommits: {
    name: 'parley_consumer_commits_total',
    type: 'counter',
    help: 'Commits that a projection has dealt with.',
    labels: ['projection', 'partition'],
    unit: 'commits',
  },
  consumerRetries: {
    name: 'parley_consumer_retries_total',
    type: 'counter',
    help: 'Times a batch had to wait because a store, a service or the log did not answer.',
    labels: ['projection', 'partition'],
    unit: 'retries',
  },
  consumerRestarts: {
    name: 'parley_consumer_restarts_total',
    type: 'counter',
    help: 'Times that reading a partition failed and began again.',
    labels: ['projection', 'partition'],
    unit: 'restarts',
  },
  membershipOwned: {
    name: 'parley_membership_owned_partitions',
    type: 'gauge',
    help: 'Partitions that this instance owns, by group.',
    labels: ['group'],
    unit: 'partitions',
  },
  timersFired: {
    name: 'parley_timers_fired_total',
    type: 'counter',
    help: 'Due aggregates handed to their service, by outcome: ok, error.',
    labels: ['timers', 'outcome'],
    unit: 'timers',
  },
} as const satisfies Record<string, MetricDeclaration>;
