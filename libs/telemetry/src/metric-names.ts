/** How a metric is declared. Names end in their unit, as Prometheus has it; counters end in `_total`. */
export interface MetricDeclaration {
  readonly name: `parley_${string}`;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly unit: string;
  /** Histograms: upper bounds, in the metric's unit. */
  readonly buckets?: readonly number[];
}

const latency = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Every metric of the platform, once. Labels never hold ids of tenants, people or conversations. */
export const metricNames = {
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
    help: 'Times the reader of a partition was started again after it ended or stood still.',
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
  routingDecisions: {
    name: 'parley_routing_decisions_total',
    type: 'counter',
    help: 'Routing events decided and written, by event.',
    labels: ['event'],
    unit: 'events',
  },
  routingConflicts: {
    name: 'parley_routing_conflicts_total',
    type: 'counter',
    help: 'Group commits of routing that found another writer had been there, and were decided anew.',
    labels: [],
    unit: 'commits',
  },
  routingWaiting: {
    name: 'parley_routing_waiting_chats',
    type: 'gauge',
    help: 'Chats that wait for an offer.',
    labels: [],
    unit: 'chats',
  },
  routingOffers: {
    name: 'parley_routing_pending_offers',
    type: 'gauge',
    help: 'Offers that nobody has answered yet.',
    labels: [],
    unit: 'offers',
  },
  routingActive: {
    name: 'parley_routing_active_chats',
    type: 'gauge',
    help: 'Accepted chats that take capacity.',
    labels: [],
    unit: 'chats',
  },
  routingUnacknowledged: {
    name: 'parley_routing_unacknowledged_chats',
    type: 'gauge',
    help: 'Chats that no agent has accepted for more than 60 s.',
    labels: [],
    unit: 'chats',
  },
  routingOverCapacity: {
    name: 'parley_routing_over_capacity_agents',
    type: 'gauge',
    help: 'Agents with offers beyond their capacity; anything but 0 is a defect.',
    labels: [],
    unit: 'agents',
  },
  routingMended: {
    name: 'parley_routing_mended_total',
    type: 'counter',
    help: 'Differences between the routing and the conversation log that were mended, by kind.',
    labels: ['kind'],
    unit: 'chats',
  },
  webhookAttempts: {
    name: 'parley_webhook_attempts_total',
    type: 'counter',
    help: 'Webhooks posted, by outcome: delivered, retry, dead.',
    labels: ['outcome'],
    unit: 'attempts',
  },
  webhookBacklog: {
    name: 'parley_webhook_backlog_deliveries',
    type: 'gauge',
    help: 'Webhook deliveries that are not delivered yet.',
    labels: [],
    unit: 'deliveries',
  },
  webhookDead: {
    name: 'parley_webhook_dead_deliveries',
    type: 'gauge',
    help: 'Webhook deliveries given up after the last attempt; they can be replayed.',
    labels: [],
    unit: 'deliveries',
  },
  mailAttempts: {
    name: 'parley_mail_attempts_total',
    type: 'counter',
    help: 'Mails handed over, by outcome: sent, retry, dead.',
    labels: ['outcome'],
    unit: 'attempts',
  },
  mailBacklog: {
    name: 'parley_mail_backlog_mails',
    type: 'gauge',
    help: 'Mails that are due or waiting for their conversation to close.',
    labels: [],
    unit: 'mails',
  },
  transcriptPurged: {
    name: 'parley_transcript_purged_conversations_total',
    type: 'counter',
    help: 'Conversations that left the log because transcript keeps them.',
    labels: [],
    unit: 'conversations',
  },
  transcriptErased: {
    name: 'parley_transcript_retention_erasures_total',
    type: 'counter',
    help: 'Conversations whose content was erased because their tenant keeps it no longer.',
    labels: [],
    unit: 'conversations',
  },
} as const satisfies Record<string, MetricDeclaration>;

/** Key of a metric in `metricNames`. */
export type MetricKey = keyof typeof metricNames;
