import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { methods } from '@parley/contracts';
import { startNats, type TestNats } from '@parley/testkit';
import { bearer, startGateway, type TestGateway } from '../testing/platform.js';
import { Routing } from '../testing/routing.js';
import { TestSocket } from '../testing/socket.js';

jest.setTimeout(60_000);

const DRY_RUN = 'parley.routing.v1.RoutingService/DryRunWorkflow';
const VALIDATE = 'parley.routing.v1.RoutingService/ValidateWorkflow';

let nats: TestNats;
let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  nats = await startNats();
  gateway = await startGateway({ natsUrl: nats.url, routing: (bus) => new Routing().handlers(bus) });
  token = await gateway.token('ada');
});
afterAll(async () => {
  await gateway.stop();
  await nats.stop();
});

/** How many seconds a service is given for a call: what its answer says. */
type Asked = (path: string, request: object) => Promise<unknown>;

const overHttp: Asked = async (path, request) => (await gateway.call(path, request, bearer(token))).json;

const overSocket: Asked = async (path, request) => {
  const socket = await TestSocket.hello(gateway.url, token);
  socket.send({ call: { id: 1, method: path, request } });
  const { response } = await socket.next('reply');
  socket.ws.close();
  return response;
};

const overGrpc =
  (seconds: number): Asked =>
  async (path, request) => {
    const method = methods.get(path)!;
    const client = new Client(gateway.grpcAddress, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    const answer = await new Promise<unknown>((resolve, reject) =>
      client.makeUnaryRequest(
        `/${path}`,
        (message: unknown) => Buffer.from(method.requestType.encode(message).finish()),
        (bytes: Buffer) => method.responseType.decode(bytes),
        method.requestType.fromPartial(request),
        metadata,
        { deadline: Date.now() + seconds * 1000 },
        (error, response) => (error ? reject(error) : resolve(method.responseType.toJSON(response))),
      ),
    );
    client.close();
    return answer;
  };

const given = async (asked: Asked): Promise<{ dryRun: number; validation: number }> => {
  const { arrivals } = (await asked(DRY_RUN, {})) as { arrivals: number };
  const { problems } = (await asked(VALIDATE, { workflow: {} })) as { problems: { reason: string }[] };
  return { dryRun: arrivals, validation: Number(problems[0]?.reason) };
};

it.each([
  ['HTTP', overHttp],
  ['the socket', overSocket],
  ['gRPC', overGrpc(300)],
])('over %s a dry run gets the minute that its contract says, others the usual time', async (_, asked) => {
  const { dryRun, validation } = await given(asked);
  expect(dryRun).toBeGreaterThan(10);
  expect(dryRun).toBeLessThanOrEqual(60);
  expect(validation).toBeLessThanOrEqual(10);
});

it('a gRPC client that waits for less is given less', async () => {
  expect((await given(overGrpc(20))).dryRun).toBeLessThanOrEqual(20);
});
