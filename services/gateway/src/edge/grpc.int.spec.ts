import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { common } from '@parley/contracts';
import { startNats, type TestNats } from '@parley/testkit';
import { Conversations } from '../testing/conversations.js';
import { TestGrpc } from '../testing/grpc.js';
import { KEY, startGateway, type TestGateway } from '../testing/platform.js';

jest.setTimeout(60_000);

let nats: TestNats;
let gateway: TestGateway;
let grpc: TestGrpc;
const conversations = new Conversations();

beforeAll(async () => {
  nats = await startNats();
  gateway = await startGateway({ natsUrl: nats.url, conversation: (bus) => conversations.handlers(bus) });
  grpc = new TestGrpc(gateway.grpcAddress);
});
afterAll(async () => {
  grpc.client.close();
  await gateway.stop();
  await nats.stop();
});

const LIST = 'parley.conversation.v1.ConversationService/ListEvents';

/** One request of the reflection protocol, answered by what `field` names. */
const reflect = (request: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const stream = grpc.client.makeBidiStreamRequest(
      '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
    );
    stream.on('data', (answer: Buffer) => {
      resolve(answer);
      stream.end();
    });
    stream.on('error', reject);
    stream.write(request);
  });
const field = (number: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, text.length]), Buffer.from(text)]);

describe('the public gRPC port', () => {
  it('serves the same methods under the same checks as HTTP', async () => {
    conversations.open('acme', '1-grpc', 'c1');
    const request = { conversationId: '1-grpc', afterVersion: 0, limit: 10 };
    expect(await grpc.call(LIST, request, KEY)).toMatchObject({ headVersion: 1 });
    expect(await grpc.failure(LIST, request)).toMatchObject({ code: 16 });
    expect(await grpc.failure('parley.gateway.v1.TenantService/ListUsers', {}, KEY)).toMatchObject({
      code: 7,
    });
  });

  it('tells in google.rpc details what is wrong', async () => {
    const error = await grpc.failure(LIST, { conversationId: 'a.>', afterVersion: 0, limit: 5000 }, KEY);
    expect(error.code).toBe(3);
    const status = common.Status.decode(error.metadata.get('grpc-status-details-bin')[0] as Buffer);
    const badRequest = status.details.find(({ typeUrl }) => typeUrl.endsWith('BadRequest'));
    const { fieldViolations } = common.BadRequest.decode(badRequest?.value ?? Buffer.alloc(0));
    expect(fieldViolations.map((violation) => violation.field)).toEqual(['conversationId', 'limit']);
  });

  it('does not serve internal methods', async () => {
    const path = 'parley.conversation.v1.ConversationInternalService/GetHeads';
    expect(await grpc.failure(path, { partition: 0, conversationIds: [] }, KEY)).toMatchObject({ code: 12 });
  });

  it('has health and reflection of the public services only', async () => {
    const health = await new Promise<Buffer>((resolve, reject) =>
      grpc.client.makeUnaryRequest(
        '/grpc.health.v1.Health/Check',
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        Buffer.alloc(0),
        (error, answer) => (error ? reject(error) : resolve(answer ?? Buffer.alloc(0))),
      ),
    );
    expect([...health]).toEqual([8, 1]);
    const listed = (await reflect(field(7, '*'))).toString('latin1');
    expect(listed).toContain('parley.conversation.v1.ConversationService');
    expect(listed).not.toContain('Internal');
    const file = (await reflect(field(4, 'parley.conversation.v1.ConversationService'))).toString('latin1');
    expect(file).toContain('SendMessage');
    expect(file).not.toContain('ConversationInternalService');
    // Types by their absolute names and files by the names they import: what clients resolve them by.
    expect(file).toContain('.google.protobuf.Timestamp');
    const imported = (await reflect(field(3, 'google/protobuf/timestamp.proto'))).toString('latin1');
    expect(imported).toContain('nanos');
  });
});
