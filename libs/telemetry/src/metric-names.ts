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
} as const satisfies Record<string, MetricDeclaration>;

/** Key of a metric in `metricNames`. */
export type MetricKey = keyof typeof metricNames;
