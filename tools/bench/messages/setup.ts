import { ApiError, ErrorCode, fetchJson, type Methods } from '@parley/client';
import { persist } from '../../replay/persist.js';
import { Pair } from './pair.js';
import { inTime, RawSocket } from './socket.js';

export interface Place {
  readonly http: string;
  readonly tenant: string;
  readonly admin: { readonly email: string; readonly password: string };
  readonly pairs: number;
}

const QUEUE = 'bench';
/** A call is tried again for so long: a busy machine may be slow to start. */
const PATIENCE_MS = 15_000;
const AT_ONCE = 4;
const PASSWORD = 'a password of the bench';

/** Makes a queue, as many agents as pairs, each with room for one chat, and brings every visitor to an agent. */
export const openPairs = async ({ http, tenant, admin, pairs }: Place): Promise<Pair[]> => {
  const socketUrl = `${http.replace(/^http/, 'ws')}/ws`;
  const call = <M extends keyof Methods>(
    method: M,
    request: Methods[M][0],
    token?: string,
  ): Promise<Methods[M][1]> =>
    persist(() => fetchJson(http, method, request, token ? { token } : {}), PATIENCE_MS).catch(
      (error: Error) => {
        error.message = `${method}: ${error.message}`;
        throw error;
      },
    );
  const login = async (email: string, password: string): Promise<string> =>
    (await call('parley.gateway.v1.AuthService/Login', { tenant, email, password })).tokens?.accessToken ??
    '';
  const token = await login(admin.email, admin.password);
  const queue = { commandId: QUEUE, queueId: QUEUE, name: 'Bench', offerTimeoutSeconds: 60 };
  await call('parley.routing.v1.RoutingService/PutQueue', queue, token);

  const agents = new Map<string, PromiseWithResolvers<RawSocket>>();
  const agentOf = (conversationId: string): PromiseWithResolvers<RawSocket> => {
    let agent = agents.get(conversationId);
    if (!agent) agents.set(conversationId, (agent = Promise.withResolvers<RawSocket>()));
    return agent;
  };
  const agentSocket = async (i: number): Promise<void> => {
    const userId = `bench-agent-${i}`;
    const email = `${userId}@bench.example`;
    const name = `Agent ${i}`;
    const user = { userId, email, name, role: 'agent', password: PASSWORD };
    await call('parley.gateway.v1.TenantService/CreateUser', user, token).catch((error: unknown) => {
      // Repeated after a lost answer.
      if (!(error instanceof ApiError && error.code === ErrorCode.alreadyExists)) throw error;
    });
    const profile = { commandId: userId, agentId: userId, name, capacity: 1, queueIds: [QUEUE] };
    await call('parley.routing.v1.RoutingService/PutAgent', profile, token);
    const socket = await RawSocket.open(socketUrl, await login(email, PASSWORD));
    socket.onPushed = ({ offerChanged }) => {
      const { offer, state } = offerChanged ?? {};
      if (state !== 'STATE_PENDING' || !offer?.offerId) return;
      const { offerId, conversationId = '' } = offer;
      const agent = agentOf(conversationId);
      socket
        .call('parley.routing.v1.RoutingService/AcceptOffer', { offerId })
        .then(() => agent.resolve(socket), agent.reject);
    };
    const status = 'AGENT_STATUS_AVAILABLE' as const;
    await socket.call('parley.presence.v1.PresenceService/SetStatus', { status });
  };

  const pairOf = async (i: number): Promise<Pair> => {
    const visitorSession = { tenant, locale: 'en' };
    const session = await call('parley.gateway.v1.AuthService/StartVisitorSession', visitorSession);
    const visitor = await RawSocket.open(socketUrl, session.token ?? '');
    const started = await visitor.call('parley.conversation.v1.ConversationService/StartConversation', {
      commandId: `bench-start-${i}`,
      channel: 'CHANNEL_WEB_CHAT',
      locale: 'en',
      page: { url: `${http}/demo/`, title: 'Bench' },
      queueId: QUEUE,
      messageId: `bench-first-${i}`,
      text: 'Hello',
    });
    const conversationId = started.conversationId ?? '';
    const agent = await inTime('an offer', agentOf(conversationId).promise);
    return new Pair(`bench-${i}`, conversationId, { visitor, agent });
  };

  const indexes = Array.from({ length: pairs }, (_, i) => i);
  // A few at once: each is two passwords to hash, and a line in the tenant's one log.
  const waiting = [...indexes];
  const worker = async (): Promise<void> => {
    for (let i = waiting.shift(); i !== undefined; i = waiting.shift()) await agentSocket(i);
  };
  await inTime('the login of the agents', Promise.all(Array.from({ length: AT_ONCE }, worker)));
  return Promise.all(indexes.map(pairOf));
};
