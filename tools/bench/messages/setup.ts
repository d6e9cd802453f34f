import { fetchJson } from '@parley/client';
import { Pair } from './pair.js';
import { inTime, RawSocket } from './socket.js';

export interface Place {
  readonly http: string;
  readonly tenant: string;
  readonly admin: { readonly email: string; readonly password: string };
  readonly pairs: number;
}

const QUEUE = 'bench';
const PASSWORD = 'a password of the bench';

/** Makes a queue, as many agents as pairs, each with room for one chat, and brings every visitor to an agent. */
export const openPairs = async ({ http, tenant, admin, pairs }: Place): Promise<Pair[]> => {
  const socketUrl = `${http.replace(/^http/, 'ws')}/ws`;
  const login = async (email: string, password: string): Promise<string> =>
    (await fetchJson(http, 'parley.gateway.v1.AuthService/Login', { tenant, email, password })).tokens
      ?.accessToken ?? '';
  const token = await login(admin.email, admin.password);
  await fetchJson(
    http,
    'parley.routing.v1.RoutingService/PutQueue',
    { commandId: QUEUE, queueId: QUEUE, name: 'Bench', offerTimeoutSeconds: 60 },
    { token },
  );

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
    await fetchJson(
      http,
      'parley.gateway.v1.TenantService/CreateUser',
      { userId, email, name, role: 'agent', password: PASSWORD },
      { token },
    );
    const profile = { commandId: userId, agentId: userId, name, capacity: 1, queueIds: [QUEUE] };
    await fetchJson(http, 'parley.routing.v1.RoutingService/PutAgent', profile, { token });
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
    const session = await fetchJson(http, 'parley.gateway.v1.AuthService/StartVisitorSession', {
      tenant,
      locale: 'en',
    });
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
  await inTime('the login of the agents', Promise.all(indexes.map(agentSocket)));
  return Promise.all(indexes.map(pairOf));
};
