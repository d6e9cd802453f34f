import { graph, of, orZero, stat, table, type BoardSpec } from '../panels.js';

const ALL = 'tenant=~"$tenant",queue="*"';
const EACH = 'tenant=~"$tenant",queue=~"$queue",queue!="*"';

/** Of all queues of each tenant; a tenant that changes hands is shown twice for a moment, hence the maximum. */
const perTenant = (metric: string): string => `max by (tenant) (${of(metric, ALL)})`;
const perQueue = (metric: string): string => `max by (tenant, queue) (${of(metric, EACH)})`;

const outcomes = (pattern: string, conditions: string, range: string): string =>
  `increase(${of('parley_queue_outcomes_total', `${conditions},outcome=~"${pattern}"`)}[${range}])`;
const share = (part: string, whole: string, conditions: string, range: string, by = ''): string =>
  `sum${by}(${outcomes(part, conditions, range)}) / (sum${by}(${outcomes(whole, conditions, range)}) > 0)`;

const COUNTED = 'answered_in_time|answered_late|abandoned';
const OFFERED = `${COUNTED}|abandoned_short|message_taken|flowed_out`;

export const live: BoardSpec = {
  uid: 'parley-live',
  title: 'Parley / Live contact center',
  help: 'Whether visitors are waiting, and how they are served. Every figure is defined in docs/definitions.md.',
  variables: [
    {
      name: 'tenant',
      label: 'Tenant',
      query: 'label_values(parley_queue_waiting{namespace=~"$namespace",job=~"$job"}, tenant)',
    },
    {
      name: 'queue',
      label: 'Queue',
      query:
        'label_values(parley_queue_waiting{namespace=~"$namespace",job=~"$job",tenant=~"$tenant",queue!="*"}, queue)',
    },
  ],
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Waiting',
          help: 'Chats that are open, in a queue, and without an agent. Definition: docs/definitions.md, Live.',
          unit: 'short',
          queries: [{ expr: `sum(${perTenant('parley_queue_waiting')})`, legend: 'waiting' }],
          limits: [5, 20],
        }),
        stat({
          title: 'Longest wait',
          help: 'How long the first of those has waited since it entered its queue. Definition: docs/definitions.md, Live.',
          unit: 's',
          queries: [
            { expr: `max(${perTenant('parley_queue_longest_wait_seconds')})`, legend: 'longest wait' },
          ],
          limits: [60, 180],
        }),
        stat({
          title: 'Agents available',
          help: 'Agents of all tenants who are online and available. 0 while somebody waits is the alert ParleyNobodyAvailable.',
          unit: 'short',
          queries: [
            {
              expr: orZero(`sum(${of('parley_presence_agents', 'status="available",online="yes"')})`),
              legend: 'available',
            },
          ],
        }),
        stat({
          title: 'Service level',
          help: 'Of the chats in the time shown: answered within the threshold of their queue / (answered + abandoned after 5 s). Definition: docs/definitions.md, Offered chats.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: share('answered_in_time', COUNTED, ALL, '$__range'),
              legend: 'service level',
            },
          ],
          limits: [0.8, 0.7],
        }),
        stat({
          title: 'Abandoned',
          help: 'Share of the chats in the time shown that their visitor left unanswered. Definition: docs/definitions.md, Offered chats.',
          unit: 'percentunit',
          queries: [
            {
              expr: share('abandoned|abandoned_short', OFFERED, ALL, '$__range'),
              legend: 'abandoned',
            },
          ],
          limits: [0.05, 0.1],
        }),
        stat({
          title: 'First response, 90 %',
          help: '90 % of today’s visitors had their first answer faster; the slowest of the tenants shown. Definition: docs/definitions.md, Responses and handling.',
          unit: 's',
          queries: [
            {
              expr: `max(${perTenant('parley_queue_first_response_p90_seconds')})`,
              legend: '90 %',
            },
          ],
          limits: [60, 180],
        }),
      ],
    },
    {
      title: 'Waiting and agents',
      panels: [
        graph({
          title: 'Waiting by queue',
          help: 'Chats that wait for an agent. A queue that grows while agents are available is a matter for Conversations and routing.',
          unit: 'short',
          stacked: true,
          queries: [{ expr: perQueue('parley_queue_waiting'), legend: '{{tenant}} {{queue}}' }],
        }),
        graph({
          title: 'Longest wait by queue',
          help: 'How long the first in line has waited.',
          unit: 's',
          queries: [{ expr: perQueue('parley_queue_longest_wait_seconds'), legend: '{{tenant}} {{queue}}' }],
          limits: [60, 180],
        }),
        graph({
          title: 'Agents by state',
          help: 'Agents of all tenants by what they have set, as long as they are online.',
          unit: 'short',
          stacked: true,
          queries: [
            {
              expr: `sum by (status) (${of('parley_presence_agents', 'online="yes"')})`,
              legend: '{{status}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'How visitors are served',
      panels: [
        graph({
          title: 'What became of chats',
          help: 'Chats a minute by outcome. Definition: docs/definitions.md, Offered chats.',
          unit: 'cpm',
          stacked: true,
          queries: [
            {
              expr: `sum by (outcome) (rate(${of('parley_queue_outcomes_total', ALL)}[$__rate_interval])) * 60`,
              legend: '{{outcome}}',
            },
          ],
        }),
        graph({
          title: 'Service level and abandoned, last hour',
          help: 'Shares over the hour before each point, so that few chats do not make it jump.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: share('answered_in_time', COUNTED, ALL, '1h'),
              legend: 'service level',
            },
            {
              expr: share('abandoned|abandoned_short', OFFERED, ALL, '1h'),
              legend: 'abandoned',
            },
          ],
        }),
        graph({
          title: 'Response times today',
          help: 'To the first answer since the queue was entered, and in the chat from a visitor’s message to the agent’s next. Definition: docs/definitions.md, Responses and handling.',
          unit: 's',
          queries: [
            {
              expr: perTenant('parley_queue_first_response_p50_seconds'),
              legend: '{{tenant}} first, median',
            },
            {
              expr: perTenant('parley_queue_first_response_p90_seconds'),
              legend: '{{tenant}} first, 90 %',
            },
            {
              expr: perTenant('parley_queue_response_p90_seconds'),
              legend: '{{tenant}} in the chat, 90 %',
            },
          ],
        }),
        graph({
          title: 'Occupancy today',
          help: 'Share of available agents’ capacity that chats took. Definition: docs/definitions.md, Responses and handling.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          height: 6,
          queries: [
            {
              expr: perTenant('parley_queue_occupancy_ratio'),
              legend: '{{tenant}}',
            },
          ],
          limits: [0.85, 0.95],
        }),
        graph({
          title: 'Concurrency today',
          help: 'Open chats per agent while they had any. Definition: docs/definitions.md, Responses and handling.',
          unit: 'short',
          width: 12,
          height: 6,
          queries: [{ expr: perTenant('parley_queue_concurrency'), legend: '{{tenant}}' }],
        }),
        table({
          title: 'Queues today',
          help: 'Today (UTC) by queue; a chat that passes through two counts in both. Definitions: docs/definitions.md.',
          unit: 'short',
          decimals: 0,
          queries: [
            { expr: perQueue('parley_queue_waiting'), legend: 'Waiting' },
            { expr: perQueue('parley_queue_active'), legend: 'With an agent' },
            { expr: perQueue('parley_queue_offered_today'), legend: 'Offered' },
            { expr: perQueue('parley_queue_answered_today'), legend: 'Answered' },
            { expr: perQueue('parley_queue_abandoned_today'), legend: 'Abandoned' },
            { expr: perQueue('parley_queue_messages_taken_today'), legend: 'Messages taken' },
            { expr: perQueue('parley_queue_flowed_out_today'), legend: 'Flowed out' },
            { expr: perQueue('parley_queue_dropped_today'), legend: 'Dropped' },
            { expr: perQueue('parley_queue_transfers_today'), legend: 'Transfers' },
            {
              expr: perQueue('parley_queue_service_level_ratio'),
              legend: 'Service level',
            },
            { expr: perQueue('parley_queue_abandon_ratio'), legend: 'Abandon rate' },
            {
              expr: perQueue('parley_queue_first_response_mean_seconds'),
              legend: 'ASA',
            },
            { expr: perQueue('parley_queue_handle_mean_seconds'), legend: 'AHT' },
            { expr: perQueue('parley_queue_csat_ratio'), legend: 'CSAT' },
            {
              expr: perQueue('parley_queue_first_contact_resolution_ratio'),
              legend: 'FCR',
            },
            { expr: perQueue('parley_queue_conversion_ratio'), legend: 'Conversion' },
          ],
          columns: {
            'Service level': 'percentunit',
            'Abandon rate': 'percentunit',
            ASA: 's',
            AHT: 's',
            CSAT: 'percentunit',
            FCR: 'percentunit',
            Conversion: 'percentunit',
          },
        }),
      ],
    },
  ],
};
