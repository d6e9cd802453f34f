import type { MetricDeclaration } from './metric-declaration.js';

/** What a gateway shows of its sockets and streams. */
export const gatewayMetrics = {
  gatewaySockets: {
    name: 'parley_gateway_sockets',
    type: 'gauge',
    help: 'Open sockets of a gateway, greeted or not. Sum over instances.',
    labels: [],
    unit: 'sockets',
  },
  gatewaySocketLimit: {
    name: 'parley_gateway_socket_limit',
    type: 'gauge',
    help: 'Sockets that a gateway holds at most. Sum over instances.',
    labels: [],
    unit: 'sockets',
  },
  gatewaySocketsOpened: {
    name: 'parley_gateway_sockets_opened_total',
    type: 'counter',
    help: 'Sockets that were greeted, by kind: visitor, person.',
    labels: ['kind'],
    unit: 'sockets',
  },
  gatewaySocketsResumed: {
    name: 'parley_gateway_sockets_resumed_total',
    type: 'counter',
    help: 'Sockets that came back: the first conversation they watched went on after a version they had.',
    labels: [],
    unit: 'sockets',
  },
  gatewaySocketsClosed: {
    name: 'parley_gateway_sockets_closed_total',
    type: 'counter',
    help: 'Sockets that ended, by cause: left (by the client), draining, slow (did not read), silent (no sign of life), refused (an error).',
    labels: ['cause'],
    unit: 'sockets',
  },
  gatewaySocketsTurnedAway: {
    name: 'parley_gateway_sockets_turned_away_total',
    type: 'counter',
    help: 'Sockets that were not accepted because the gateway was full or going.',
    labels: [],
    unit: 'sockets',
  },
  gatewayGapsRepaired: {
    name: 'parley_gateway_gaps_repaired_total',
    type: 'counter',
    help: 'Times a socket lacked a version and was brought up to date from the log, by what showed it: live (the next commit), heads (the regular comparison).',
    labels: ['by'],
    unit: 'repairs',
  },
  gatewayStreams: {
    name: 'parley_gateway_streams',
    type: 'gauge',
    help: 'Open streams of queues and agents (gRPC and HTTP) at a gateway. Sum over instances.',
    labels: [],
    unit: 'streams',
  },
} as const satisfies Record<string, MetricDeclaration>;
