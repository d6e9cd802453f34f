import { graph, of, orZero, rateOf, stat, table, type BoardSpec } from '../panels.js';

const SERVICE = 'service=~"$service"';
/** Our fault, not the caller's. */
const FAULTS = 'code=~"internal|unknown|unavailable|deadline_exceeded|data_loss"';
const requests = (by: string, more = ''): string =>
  `sum by (${by}) (${rateOf('parley_rpc_server_requests_total', [SERVICE, more].filter(Boolean).join(','))})`;
const quantile = (q: number, by: string): string =>
  `histogram_quantile(${q}, sum by (${by}, le) (${rateOf('parley_rpc_server_duration_seconds_bucket', SERVICE)}))`;

export const services: BoardSpec = {
  uid: 'parley-services',
  title: 'Parley / Services',
  help: 'Rate, errors and duration of every method, and how near its limits each service is.',
  variables: [
    {
      name: 'service',
      label: 'Service',
      query: 'label_values(parley_bus_connected{namespace=~"$namespace",job=~"$job"}, service)',
    },
  ],
  rows: [
    {
      title: 'Requests',
      panels: [
        stat({
          title: 'Requests a second',
          help: 'Answered by the services chosen, a request that passes two of them counted at both.',
          unit: 'reqps',
          queries: [
            { expr: `sum(${rateOf('parley_rpc_server_requests_total', SERVICE)})`, legend: 'requests' },
          ],
        }),
        stat({
          title: 'Errors of ours',
          help: 'Share of answers that are the platform’s fault: internal, unknown, unavailable, deadline exceeded, data loss. Alert: ParleyRequestErrors.',
          unit: 'percentunit',
          decimals: 2,
          queries: [
            {
              expr: `(${orZero(`sum(${rateOf('parley_rpc_server_requests_total', `${SERVICE},${FAULTS}`)})`)}) / (sum(${rateOf('parley_rpc_server_requests_total', SERVICE)}) > 0)`,
              legend: 'errors',
            },
          ],
          limits: [0.001, 0.01],
        }),
        stat({
          title: 'Duration, 99 %',
          help: '99 % of the answers took less inside the serving process.',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.99, sum by (le) (${rateOf('parley_rpc_server_duration_seconds_bucket', SERVICE)}))`,
              legend: '99 %',
            },
          ],
          limits: [0.5, 2],
        }),
        stat({
          title: 'Expired',
          help: 'Requests dropped because their deadline had passed when they arrived: somebody had given up waiting.',
          unit: 'cpm',
          queries: [
            {
              expr: orZero(`sum(${rateOf('parley_rpc_server_expired_total', SERVICE)}) * 60`),
              legend: 'expired',
            },
          ],
          limits: [1, 10],
        }),
        stat({
          title: 'Pods',
          help: 'Pods that Prometheus reads, of the services chosen.',
          unit: 'short',
          queries: [{ expr: `count(${of('parley_bus_connected', SERVICE)})`, legend: 'pods' }],
        }),
        stat({
          title: 'Restarts',
          help: 'Processes that began in the time shown.',
          unit: 'short',
          queries: [
            {
              expr: `sum(changes(${of('process_start_time_seconds', SERVICE)}[$__range]))`,
              legend: 'restarts',
            },
          ],
          limits: [1, 5],
        }),
        graph({
          title: 'Rate by service',
          help: 'Requests answered, each second.',
          unit: 'reqps',
          queries: [{ expr: requests('service'), legend: '{{service}}' }],
        }),
        graph({
          title: 'Answers by code',
          help: 'Everything but ok, each second. Codes such as failed_precondition and permission_denied are answers to callers, not faults.',
          unit: 'reqps',
          queries: [
            {
              expr: orZero(requests('service, code', 'code!="ok"'), 'service'),
              legend: '{{service}} {{code}}',
            },
          ],
        }),
        graph({
          title: 'Duration, 99 %, by service',
          help: '99 % of the answers of a service took less inside its process.',
          unit: 's',
          queries: [{ expr: quantile(0.99, 'service'), legend: '{{service}}' }],
        }),
        table({
          title: 'Methods',
          help: 'Rate, errors and duration by method and by what it came by: nats (commands), grpc, http and socket.',
          unit: 's',
          queries: [
            { expr: requests('service, transport, method'), legend: 'Rate' },
            {
              expr: requests('service, transport, method', FAULTS),
              legend: 'Errors',
              mayBeEmpty:
                'a fault of ours cannot be asked for from outside, and none happens to chats that are held',
            },
            { expr: quantile(0.5, 'service, transport, method'), legend: 'Median' },
            { expr: quantile(0.99, 'service, transport, method'), legend: '99 %' },
          ],
          columns: { Rate: 'reqps', Errors: 'reqps' },
        }),
      ],
    },
    {
      title: 'Saturation',
      panels: [
        graph({
          title: 'Event loop utilization',
          help: 'Share of time in which a pod’s event loop was busy; near 1 it is saturated, and everything waits. Alert: ParleyEventLoopSaturated.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: `max by (service) (${rateOf('parley_event_loop_busy_seconds_total', SERVICE)})`,
              legend: '{{service}} busiest pod',
            },
          ],
          limits: [0.7, 0.9],
        }),
        graph({
          title: 'Event loop delay, 99 %',
          help: 'By how much timers of a pod were late.',
          unit: 's',
          queries: [
            {
              expr: `max by (service) (${of('nodejs_eventloop_lag_p99_seconds', SERVICE)})`,
              legend: '{{service}} worst pod',
            },
          ],
          limits: [0.1, 0.5],
        }),
        graph({
          title: 'CPU',
          help: 'Cores used by all pods of a service.',
          unit: 'short',
          queries: [
            {
              expr: `sum by (service) (${rateOf('process_cpu_seconds_total', SERVICE)})`,
              legend: '{{service}}',
            },
          ],
        }),
        graph({
          title: 'Memory by pod',
          help: 'Resident memory of the largest pod of a service; compare it with its limit.',
          unit: 'bytes',
          queries: [
            {
              expr: `max by (service) (${of('process_resident_memory_bytes', SERVICE)})`,
              legend: '{{service}}',
            },
          ],
        }),
        graph({
          title: 'Heap in use',
          help: 'Of the largest pod of a service. One that only grows is a leak.',
          unit: 'bytes',
          queries: [
            {
              expr: `max by (service) (${of('nodejs_heap_size_used_bytes', SERVICE)})`,
              legend: '{{service}}',
            },
          ],
        }),
        graph({
          title: 'Garbage collection',
          help: 'Share of a pod’s time that goes into it.',
          unit: 'percentunit',
          queries: [
            {
              expr: `max by (service) (sum by (service, instance) (${rateOf('nodejs_gc_duration_seconds_sum', SERVICE)}))`,
              legend: '{{service}}',
            },
          ],
        }),
      ],
    },
  ],
};
