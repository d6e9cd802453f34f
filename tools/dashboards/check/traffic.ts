import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchJson } from '@parley/client';
import { generateChats } from '@parley/testkit';
import type { TemporaryPlatform } from '../../lib/platform.js';
import { replay } from '../../replay/replay.js';

const OPEN_AT_ONCE = 8;
/** So half of the visitors wait, of whose waits routing learns to estimate others. */
const TAKEN_AT_ONCE = 4;

/** What visitors, agents and receivers of webhooks do, so that every panel has something to show. */
export const makeTraffic = async (
  { platform, tenant, admin }: TemporaryPlatform,
  chats: number,
): Promise<readonly string[]> => {
  const receiver = createServer((request, response) => {
    request.resume();
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  try {
    const { tokens } = await fetchJson(platform.httpUrl, 'parley.gateway.v1.AuthService/Login', {
      tenant,
      email: admin.email,
      password: admin.password,
    });
    await fetchJson(
      platform.httpUrl,
      'parley.notification.v1.NotificationService/PutWebhookEndpoint',
      { endpointId: 'receiver', url: `http://127.0.0.1:${port}/`, events: [], enabled: true },
      { token: tokens?.accessToken ?? '' },
    );
    const { problems } = await replay({
      chats: generateChats(1, chats),
      concurrency: OPEN_AT_ONCE,
      capacity: TAKEN_AT_ONCE,
      gateway: platform.httpUrl,
      grpcAddress: platform.grpcAddress,
      tenant,
      admin,
    });
    return problems;
  } finally {
    receiver.close();
    receiver.closeAllConnections();
  }
};
