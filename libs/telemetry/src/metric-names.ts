import type { MetricDeclaration } from './metric-declaration.js';
import { gatewayMetrics } from './gateway-metrics.js';
import { platformMetrics } from './platform-metrics.js';
import { queueMetrics } from './queue-metrics.js';

export type { MetricDeclaration } from './metric-declaration.js';

/**
 * Every metric of the platform, once. Labels never hold ids of people or conversations, and those of tenants and queues
 * only in the business figures `parley_queue_…`, where analytics bounds their number. Where several instances of a service
 * show a gauge, its help says how to put them together.
 */
export const metricNames = {
  ...platformMetrics,
  ...gatewayMetrics,
  ...queueMetrics,
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
    help: 'Chats that wait for an offer. Each instance shows those of its domains: sum.',
    labels: [],
    unit: 'chats',
  },
  routingOffers: {
    name: 'parley_routing_pending_offers',
    type: 'gauge',
    help: 'Offers that nobody has answered yet. Each instance shows those of its domains: sum.',
    labels: [],
    unit: 'offers',
  },
  routingActive: {
    name: 'parley_routing_active_chats',
    type: 'gauge',
    help: 'Accepted chats that take capacity. Each instance shows those of its domains: sum.',
    labels: [],
    unit: 'chats',
  },
  routingUnacknowledged: {
    name: 'parley_routing_unacknowledged_chats',
    type: 'gauge',
    help: 'Chats that no agent has accepted for more than 60 s; should stay 0. Sum over instances.',
    labels: [],
    unit: 'chats',
  },
  routingOverCapacity: {
    name: 'parley_routing_over_capacity_agents',
    type: 'gauge',
    help: 'Agents with offers beyond their capacity; anything but 0 is a defect. Sum over instances.',
    labels: [],
    unit: 'agents',
  },
  routingUnheeded: {
    name: 'parley_routing_unheeded_chats',
    type: 'gauge',
    help: 'Chats about which nothing was done 5 s after their queue said that something must be; anything but 0 is a defect. Sum over instances.',
    labels: [],
    unit: 'chats',
  },
  routingUnstaffed: {
    name: 'parley_routing_unstaffed_chats',
    type: 'gauge',
    help: 'Chats that wait in an open queue of which no agent is available. Sum over instances.',
    labels: [],
    unit: 'chats',
  },
  routingFailsafeActs: {
    name: 'parley_routing_failsafe_acts_total',
    type: 'counter',
    help: 'What was done about chats that nobody had accepted in time, by action: tell, move, escalate, overflow.',
    labels: ['action'],
    unit: 'acts',
  },
  routingTransfers: {
    name: 'parley_routing_transfers_total',
    type: 'counter',
    help: 'Transfers to an agent, or warm ones to a queue, by outcome: accepted, declined, timed_out, unavailable, cancelled, conversation_ended.',
    labels: ['outcome'],
    unit: 'transfers',
  },
  routingReactions: {
    name: 'parley_routing_reactions_total',
    type: 'counter',
    help: 'What routing asked of conversations, by kind and outcome: done, refused, pointless (overtaken), again (no answer: repeated).',
    labels: ['kind', 'outcome'],
    unit: 'reactions',
  },
  routingOpenReactions: {
    name: 'parley_routing_open_reactions',
    type: 'gauge',
    help: 'What routing has asked of conversations and does not know the outcome of yet. Sum over instances.',
    labels: [],
    unit: 'reactions',
  },
  routingEstimateCoverage: {
    name: 'parley_routing_estimate_coverage_ratio',
    type: 'gauge',
    help: 'Share of waits that ended within the 80 % range given for them, over the queues of an instance that have enough: mean (average over instances), worst (minimum). Absent until a queue has enough.',
    labels: ['of'],
    unit: 'ratio',
  },
  routingEstimateQueues: {
    name: 'parley_routing_estimate_queues',
    type: 'gauge',
    help: 'Queues by whether their wait estimates may be shown: yes, no (too few waits, or not calibrated). Sum over instances.',
    labels: ['shown'],
    unit: 'queues',
  },
  routingTrims: {
    name: 'parley_routing_trims_total',
    type: 'counter',
    help: "Times old decisions were taken out of a domain's log behind its snapshot.",
    labels: [],
    unit: 'trims',
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
    help: 'Webhook deliveries that are not delivered yet. Every instance counts all of them: maximum.',
    labels: [],
    unit: 'deliveries',
  },
  webhookDead: {
    name: 'parley_webhook_dead_deliveries',
    type: 'gauge',
    help: 'Webhook deliveries given up after the last attempt; they can be replayed. Every instance counts all of them: maximum.',
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
    help: 'Mails that are due or waiting for their conversation to close. Every instance counts all of them: maximum.',
    labels: [],
    unit: 'mails',
  },
  mailDead: {
    name: 'parley_mail_dead_mails',
    type: 'gauge',
    help: 'Mails given up after the last attempt. Every instance counts all of them: maximum.',
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
  presenceAgents: {
    name: 'parley_presence_agents',
    type: 'gauge',
    help: 'Agents that presence knows, by status and whether they are online. Each instance shows those of its tenants: sum.',
    labels: ['status', 'online'],
    unit: 'agents',
  },
  presenceSessions: {
    name: 'parley_presence_sessions',
    type: 'gauge',
    help: 'Open sockets as presence knows them, by kind: agent, visitor. Sum over instances.',
    labels: ['kind'],
    unit: 'sockets',
  },
  presenceVisitors: {
    name: 'parley_presence_visitors',
    type: 'gauge',
    help: 'Visitors with a socket, or without one for less than a minute. Sum over instances.',
    labels: [],
    unit: 'visitors',
  },
} as const satisfies Record<string, MetricDeclaration>;

/** Key of a metric in `metricNames`. */
export type MetricKey = keyof typeof metricNames;
