import { graph, of, orZero, rateOf, stat, type BoardSpec } from '../panels.js';

const total = (metric: string): string => `sum(${of(metric)})`;
/** What must not be: any is red. */
const NONE = [1, 1] as const;

export const routing: BoardSpec = {
  uid: 'parley-routing',
  title: 'Parley / Conversations and routing',
  help: 'Whether chats find their agents. The first row must stay 0 but for open offers.',
  variables: [],
  rows: [
    {
      title: 'What must stay 0',
      panels: [
        stat({
          title: 'Unacknowledged over 60 s',
          help: 'Chats that no agent has accepted for more than 60 s. Alert: ParleyUnacknowledgedChats.',
          unit: 'short',
          queries: [{ expr: total('parley_routing_unacknowledged_chats'), legend: 'chats' }],
          limits: NONE,
        }),
        stat({
          title: 'Over capacity',
          help: 'Agents who were offered more than they have room for: a defect. Alert: ParleyOverCapacity.',
          unit: 'short',
          queries: [{ expr: total('parley_routing_over_capacity_agents'), legend: 'agents' }],
          limits: NONE,
        }),
        stat({
          title: 'Unheeded',
          help: 'Chats about which something was due, and nothing was done for 5 s: a defect. Alert: ParleyUnheededChats.',
          unit: 'short',
          queries: [{ expr: total('parley_routing_unheeded_chats'), legend: 'chats' }],
          limits: NONE,
        }),
        stat({
          title: 'Nobody available',
          help: 'Chats that wait in an open queue of which no agent is available. Alert: ParleyNobodyAvailable.',
          unit: 'short',
          queries: [{ expr: total('parley_routing_unstaffed_chats'), legend: 'chats' }],
          limits: NONE,
        }),
        stat({
          title: 'Unanswered requests',
          help: 'What routing has asked of conversations and does not know the outcome of; it is repeated until it does.',
          unit: 'short',
          queries: [{ expr: total('parley_routing_open_reactions'), legend: 'requests' }],
          limits: [20, 100],
        }),
        stat({
          title: 'Open offers',
          help: 'Offers that nobody has answered yet.',
          unit: 'short',
          queries: [{ expr: total('parley_routing_pending_offers'), legend: 'offers' }],
        }),
      ],
    },
    {
      title: 'Routing',
      panels: [
        graph({
          title: 'Chats in routing',
          help: 'Waiting for an offer, offered, and accepted.',
          unit: 'short',
          stacked: true,
          queries: [
            { expr: total('parley_routing_active_chats'), legend: 'active' },
            { expr: total('parley_routing_pending_offers'), legend: 'offered' },
            { expr: total('parley_routing_waiting_chats'), legend: 'waiting' },
          ],
        }),
        graph({
          title: 'Decisions',
          help: 'The eight most frequent decisions, each second.',
          unit: 'cps',
          queries: [
            {
              expr: `topk(8, sum by (event) (${rateOf('parley_routing_decisions_total')}))`,
              legend: '{{event}}',
            },
          ],
        }),
        graph({
          title: 'Failsafe',
          help: 'What was done about chats that nobody accepted in time: visitors told, chats moved, escalated, sent to another queue.',
          unit: 'cpm',
          queries: [
            {
              expr: orZero(
                `sum by (action) (${rateOf('parley_routing_failsafe_acts_total')}) * 60`,
                'action',
              ),
              legend: '{{action}}',
            },
          ],
        }),
        graph({
          title: 'Transfers',
          help: 'Transfers to agents, and warm ones to queues, by outcome.',
          unit: 'cpm',
          queries: [
            {
              expr: orZero(`sum by (outcome) (${rateOf('parley_routing_transfers_total')}) * 60`, 'outcome'),
              legend: '{{outcome}}',
            },
          ],
        }),
        graph({
          title: 'Requests to conversations',
          help: 'What routing asked of conversations, by outcome; “again” had no answer and is repeated.',
          unit: 'cps',
          queries: [
            { expr: `sum by (outcome) (${rateOf('parley_routing_reactions_total')})`, legend: '{{outcome}}' },
          ],
        }),
        graph({
          title: 'Conflicts and repairs',
          help: 'Commits that met another writer, and differences between the logs that were mended. Single ones are harmless, for instance when a pod starts.',
          unit: 'cpm',
          queries: [
            { expr: orZero(`sum(${rateOf('parley_routing_conflicts_total')}) * 60`), legend: 'conflicts' },
            {
              expr: orZero(`sum by (kind) (${rateOf('parley_routing_mended_total')}) * 60`, 'kind'),
              legend: 'mended {{kind}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Conversations',
      panels: [
        graph({
          title: 'Commits to the conversation log',
          help: 'By outcome; “conflict” and “unknown” are tried again.',
          unit: 'cps',
          width: 12,
          queries: [
            {
              expr: `sum by (outcome) (${rateOf('parley_log_appends_total', 'log="conversation"')})`,
              legend: '{{outcome}}',
            },
          ],
        }),
        graph({
          title: 'Estimates of the wait',
          help: 'Share of waits that ended within the range that visitors were told (80 % is what it aims at), and in how many queues estimates are shown.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          queries: [
            {
              expr: `avg(${of('parley_routing_estimate_coverage_ratio', 'of="mean"')})`,
              legend: 'mean',
            },
            {
              expr: `min(${of('parley_routing_estimate_coverage_ratio', 'of="worst"')})`,
              legend: 'worst queue',
            },
            {
              expr: `sum(${of('parley_routing_estimate_queues', 'shown="yes"')}) / (sum(${of('parley_routing_estimate_queues')}) > 0)`,
              legend: 'queues with an estimate',
            },
          ],
        }),
      ],
    },
  ],
};
