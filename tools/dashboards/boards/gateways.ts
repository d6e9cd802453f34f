import { graph, of, orZero, rateOf, stat, type BoardSpec } from '../panels.js';

const GATEWAY = 'service="gateway"';
const SEND = 'method="parley.conversation.v1.ConversationService/SendMessage"';
const FAULTS = 'code=~"internal|unknown|unavailable|deadline_exceeded|data_loss"';

export const gateways: BoardSpec = {
  uid: 'parley-gateways',
  title: 'Parley / Gateways and sockets',
  help: 'The edge: sockets of visitors and agents, streams, and public calls.',
  variables: [],
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Sockets',
          help: 'Open at all gateways.',
          unit: 'short',
          queries: [{ expr: `sum(${of('parley_gateway_sockets')})`, legend: 'sockets' }],
        }),
        stat({
          title: 'Fullest gateway',
          help: 'Share of the sockets that a gateway holds at most. Alert: ParleyGatewayFull.',
          unit: 'percentunit',
          queries: [
            {
              expr: `max(${of('parley_gateway_sockets')} / ${of('parley_gateway_socket_limit')})`,
              legend: 'full',
            },
          ],
          limits: [0.7, 0.9],
        }),
        stat({
          title: 'Visitors online',
          help: 'With a socket, or without one for less than a minute.',
          unit: 'short',
          queries: [{ expr: `sum(${of('parley_presence_visitors')})`, legend: 'visitors' }],
        }),
        stat({
          title: 'Open streams',
          help: 'Streams of queues and agents over gRPC and HTTP.',
          unit: 'short',
          queries: [{ expr: orZero(`sum(${of('parley_gateway_streams')})`), legend: 'streams' }],
        }),
        stat({
          title: 'Message accepted, 99 %',
          help: '99 % of sent messages were durable and acknowledged faster, measured at the gateway.',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.99, sum by (le) (${rateOf('parley_rpc_server_duration_seconds_bucket', `${GATEWAY},${SEND}`)}))`,
              legend: '99 %',
            },
          ],
          limits: [0.25, 1],
        }),
        stat({
          title: 'Turned away',
          help: 'Sockets that were not accepted because a gateway was full or going.',
          unit: 'cpm',
          queries: [
            {
              expr: orZero(`sum(${rateOf('parley_gateway_sockets_turned_away_total')}) * 60`),
              legend: 'turned away',
            },
          ],
          limits: [1, 30],
        }),
      ],
    },
    {
      title: 'Sockets',
      panels: [
        graph({
          title: 'Sockets by gateway',
          help: 'Uneven after a roll-out; even again as clients come and go.',
          unit: 'short',
          stacked: true,
          queries: [{ expr: `sum by (pod) (${of('parley_gateway_sockets')})`, legend: '{{pod}}' }],
        }),
        graph({
          title: 'Sockets by kind',
          help: 'As presence knows them.',
          unit: 'short',
          stacked: true,
          queries: [{ expr: `sum by (kind) (${of('parley_presence_sessions')})`, legend: '{{kind}}' }],
        }),
        graph({
          title: 'Opened and come back',
          help: 'Greeted sockets, and those among them that went on where they had been. A peak of returns is a gateway that went, or a network.',
          unit: 'cpm',
          queries: [
            {
              expr: `sum by (kind) (${rateOf('parley_gateway_sockets_opened_total')}) * 60`,
              legend: 'opened, {{kind}}',
            },
            {
              expr: orZero(`sum(${rateOf('parley_gateway_sockets_resumed_total')}) * 60`),
              legend: 'come back',
            },
          ],
        }),
        graph({
          title: 'Closed by cause',
          help: 'Left by the client, draining, slow (did not read), silent (no sign of life), refused (an error).',
          unit: 'cpm',
          queries: [
            {
              expr: `sum by (cause) (${rateOf('parley_gateway_sockets_closed_total')}) * 60`,
              legend: '{{cause}}',
            },
          ],
        }),
        graph({
          title: 'Gaps repaired',
          help: 'Times a socket lacked a version and was brought up to date from the log: nobody noticed, but live messages were lost on the way. Alert: ParleyGapsRepaired.',
          unit: 'cpm',
          queries: [
            {
              expr: orZero(`sum by (by) (${rateOf('parley_gateway_gaps_repaired_total')}) * 60`, 'by'),
              legend: 'seen by {{by}}',
            },
          ],
        }),
        graph({
          title: 'Streams by gateway',
          help: 'Streams of queues and agents over gRPC and HTTP.',
          unit: 'short',
          queries: [
            { expr: orZero(`sum by (pod) (${of('parley_gateway_streams')})`, 'pod'), legend: '{{pod}}' },
          ],
        }),
      ],
    },
    {
      title: 'Public calls',
      panels: [
        graph({
          title: 'Calls by way',
          help: 'By socket, JSON over HTTP and gRPC, each second.',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (transport) (${rateOf('parley_rpc_server_requests_total', GATEWAY)})`,
              legend: '{{transport}}',
            },
          ],
        }),
        graph({
          title: 'Errors of ours',
          help: 'Answers that are the platform’s fault, by code.',
          unit: 'reqps',
          queries: [
            {
              expr: orZero(
                `sum by (code) (${rateOf('parley_rpc_server_requests_total', `${GATEWAY},${FAULTS}`)})`,
                'code',
              ),
              legend: '{{code}}',
            },
          ],
        }),
        graph({
          title: 'Duration, 99 %, by way',
          help: '99 % of the calls were answered faster, measured at the gateway.',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.99, sum by (transport, le) (${rateOf('parley_rpc_server_duration_seconds_bucket', GATEWAY)}))`,
              legend: '{{transport}}',
            },
          ],
        }),
      ],
    },
  ],
};
