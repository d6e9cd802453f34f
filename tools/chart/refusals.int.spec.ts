/** What the chart does not accept, and what it says then. */
import { describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import { helm, refusal, render } from './helm.js';
import { profiles } from './profiles.js';

const chart = join(import.meta.dirname, '..', '..', 'helm', 'parley');
const small = profiles['small']!;
const routes = { 'gatewayApi.enabled': 'true', 'gatewayApi.parentRefs[0].name': 'public' };

// Each rendering is a process of its own, which is slow on a busy machine.
jest.setTimeout(60_000);

describe('the chart', () => {
  it.each(Object.entries(profiles))('passes helm lint with the values of %s', async (_, files) => {
    const report = await helm(
      ...['lint', '--strict', '--kube-version', '1.34', chart],
      ...files.flatMap((file) => ['--values', join(chart, file)]),
    );
    expect(report).toContain('0 chart(s) failed');
  });

  it('says that MongoDB is missing, and what to do', async () => {
    expect(await refusal({})).toMatch(/needs MongoDB.*mongodb\.external\.existingSecret/s);
  });

  it.each([
    [{ 'gateway.replicas': '-1' }, /gateway\/replicas.*minimum/],
    [{ 'gateway.replicas': 'many' }, /gateway\/replicas.*got string, want integer/],
    [{ 'gateway.replica': '2' }, /gateway.*additional properties 'replica'/],
    [{ conversatoin: '1' }, /additional properties 'conversatoin'/],
    [{ partitions: '0' }, /partitions.*minimum/],
    [{ logLevel: 'loud' }, /logLevel.*must be one of 'trace', 'debug'/],
    [{ 'image.digest': 'latest' }, /image\/digest.*does not match pattern/],
    [
      { 'gateway.resources.requests.cpu': 'lots' },
      /gateway\/resources\/requests\/cpu.*does not match pattern/,
    ],
    [{ 'nats.embedded.replicas': '2' }, /nats\/embedded\/replicas.*must be one of 1, 3, 5/],
    [{ 'nats.embedded.storage.size': '10' }, /nats\/embedded\/storage\/size.*want string/],
    [{ 'seed.tenant': 'with space' }, /seed\/tenant.*does not match pattern/],
    [{ 'tracing.sampleRatio': '2' }, /tracing\/sampleRatio.*maximum/],
    [{ 'service.type': 'Ingress' }, /service\/type.*must be one of 'ClusterIP'/],
    [{ 'mongodb.external.existingSecret': 'x' }, /exclude each other/],
    [{ 'extraCaCerts.configMap': 'a', 'extraCaCerts.secret': 'b' }, /extraCaCerts.*exclude each other/],
    [{ 'nats.embedded.enabled': 'false' }, /needs NATS with JetStream/],
    [{ 'gatewayApi.enabled': 'true' }, /gatewayApi\.parentRefs/],
    [
      { ...routes, 'gatewayApi.grpcHostnames[0]': 'grpc.example' },
      /grpcHostnames needs gatewayApi\.hostnames/,
    ],
    ...[
      ['chat.example', 'chat.example'],
      ['*.example', 'grpc.example'],
      ['chat.example', '*.example'],
      ['*.example', '*.grpc.example'],
    ].map(
      ([name, grpc]) =>
        [
          { ...routes, 'gatewayApi.hostnames[0]': name!, 'gatewayApi.grpcHostnames[0]': grpc! },
          /grpcHostnames have to differ/,
        ] as const,
    ),
    [{ 'ingress.enabled': 'true' }, /ingress\.hosts/],
    [
      { 'ingress.enabled': 'true', 'ingress.hosts[0]': 'a', 'ingress.grpc.enabled': 'true' },
      /ingress\.grpc\.host/,
    ],
    [
      { 'ingress.tls.existingSecret': 'a', 'ingress.tls.certManager.issuer': 'b' },
      /ingress\.tls.*exclude each other/,
    ],
    [
      {
        'gateway.autoscaling.min': '5',
        'gateway.autoscaling.max': '2',
        'gateway.autoscaling.enabled': 'true',
      },
      /gateway\.autoscaling\.min/,
    ],
    [
      { 'routing.autoscaling.enabled': 'true', 'routing.autoscaling.cpuPercent': '0' },
      /routing\.autoscaling.*cpuPercent.*metric/s,
    ],
    [{ 'gateway.autoscaling.metric.name': 'parley_gateway_sockets' }, /gateway\.autoscaling\.metric\.value/],
  ])('refuses %j', async (set, message) => {
    expect(await refusal({ values: small, set: set })).toMatch(message);
  });

  it.each([
    [[], ['HTTPRoute']],
    [['chat.example'], ['HTTPRoute']],
    [
      ['chat.example', 'grpc.example'],
      ['GRPCRoute', 'HTTPRoute'],
    ],
  ])('makes no two routes for the same name of %j', async ([name, grpc], kinds) => {
    const names = {
      ...(name ? { 'gatewayApi.hostnames[0]': name } : {}),
      ...(grpc ? { 'gatewayApi.grpcHostnames[0]': grpc } : {}),
    };
    const objects = await render({ values: small, set: { ...routes, ...names } });
    const made = objects.map(({ kind }) => kind).filter((kind) => kind.endsWith('Route'));
    expect(made.toSorted()).toEqual(kinds);
  });
});
