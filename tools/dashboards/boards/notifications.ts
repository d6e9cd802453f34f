import { graph, of, orZero, rateOf, stat, type BoardSpec } from '../panels.js';

const NONE = [1, 1] as const;
const attempts = (metric: string): string => `sum by (outcome) (${rateOf(metric)}) * 60`;

export const notifications: BoardSpec = {
  uid: 'parley-notifications',
  title: 'Parley / Notifications',
  help: 'Webhooks and mails: what waits, what was given up, and how attempts end.',
  variables: [],
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Webhooks waiting',
          help: 'Deliveries that are not delivered yet. Alert: ParleyWebhookBacklog.',
          unit: 'short',
          width: 6,
          queries: [{ expr: `max(${of('parley_webhook_backlog_deliveries')})`, legend: 'deliveries' }],
          limits: [100, 1_000],
        }),
        stat({
          title: 'Webhooks given up',
          help: 'After the last attempt; they can be replayed. Alert: ParleyDeadDeliveries.',
          unit: 'short',
          width: 6,
          queries: [{ expr: `max(${of('parley_webhook_dead_deliveries')})`, legend: 'deliveries' }],
          limits: NONE,
        }),
        stat({
          title: 'Mails waiting',
          help: 'Due, or waiting for their conversation to close.',
          unit: 'short',
          width: 6,
          queries: [{ expr: `max(${of('parley_mail_backlog_mails')})`, legend: 'mails' }],
          limits: [100, 1_000],
        }),
        stat({
          title: 'Mails given up',
          help: 'After the last attempt. Alert: ParleyDeadMails.',
          unit: 'short',
          width: 6,
          queries: [{ expr: `max(${of('parley_mail_dead_mails')})`, legend: 'mails' }],
          limits: NONE,
        }),
      ],
    },
    {
      title: 'Over time',
      panels: [
        graph({
          title: 'Webhooks posted',
          help: 'By outcome; “retry” is tried again later, “dead” is given up.',
          unit: 'cpm',
          width: 12,
          queries: [{ expr: attempts('parley_webhook_attempts_total'), legend: '{{outcome}}' }],
        }),
        graph({
          title: 'Mails handed over',
          help: 'By outcome; “retry” is tried again later, “dead” is given up.',
          unit: 'cpm',
          width: 12,
          queries: [
            { expr: orZero(attempts('parley_mail_attempts_total'), 'outcome'), legend: '{{outcome}}' },
          ],
        }),
        graph({
          title: 'Waiting and given up',
          help: 'A backlog that grows is a receiver that does not answer, or a mail server.',
          unit: 'short',
          width: 12,
          queries: [
            { expr: `max(${of('parley_webhook_backlog_deliveries')})`, legend: 'webhooks waiting' },
            { expr: `max(${of('parley_webhook_dead_deliveries')})`, legend: 'webhooks given up' },
            { expr: `max(${of('parley_mail_backlog_mails')})`, legend: 'mails waiting' },
            { expr: `max(${of('parley_mail_dead_mails')})`, legend: 'mails given up' },
          ],
        }),
        graph({
          title: 'Behind the log',
          help: 'Commits that the service has yet to look at: nothing of them is notified until then.',
          unit: 'short',
          width: 12,
          queries: [
            {
              expr: `max by (partition) (${of('parley_consumer_lag_commits', 'projection="notification"')})`,
              legend: 'partition {{partition}}',
            },
          ],
          limits: [1_000, 10_000],
        }),
      ],
    },
  ],
};
