import type { Outcome } from '../hostile/outcome.js';
import { eventually } from '../hostile/suite.js';
import { markOf, noteMarkOf } from '../hostile/leaks.js';
import { freshId, type Tenant } from '../hostile/tenant.js';
import { Socket } from '../hostile/socket.js';

const SERVICE = 'parley.conversation.v1.ConversationService';
export const METHODS = {
  start: `${SERVICE}/StartConversation`,
  send: `${SERVICE}/SendMessage`,
  note: `${SERVICE}/AddNote`,
  list: `${SERVICE}/ListEvents`,
  enqueue: 'parley.routing.v1.RoutingInternalService/EnqueueConversation',
} as const;

/** A chat over sockets that everybody watches: its frames are what the traces begin with. */
export const tellStory = async (tenant: Tenant): Promise<{ conversationId: string; refused: Outcome }> => {
  const mark = markOf(tenant.name);
  const visitor = await tenant.newVisitor('of the traces');
  const [own, desk] = await Promise.all([
    Socket.greet(tenant.httpUrl, visitor.token, visitor),
    Socket.greet(tenant.httpUrl, tenant.person('sam').token, tenant.person('sam')),
  ]);
  try {
    const started = await own.call(METHODS.start, {
      commandId: freshId(),
      channel: 'CHANNEL_WEB_CHAT',
      queueId: 'default',
      name: `Vera ${mark}`,
      email: `vera@${mark}.example`,
      page: { url: `https://${mark}.example/`, title: mark },
      messageId: freshId(),
      text: `hello ${mark}`,
    });
    const { conversationId } = started.response as { conversationId: string };
    own.send({ watch: { conversationId } });
    desk.send({ watch: { conversationId } });
    await Promise.all([own.next('events'), desk.next('events')]);
    const messageId = freshId();
    await own.call(METHODS.send, { conversationId, messageId, text: `again ${mark}`, clientSeq: 0 });
    for (const socket of [own, desk])
      await eventually('the message at those who watch', () =>
        socket.frames.some((frame) => JSON.stringify(frame).includes(messageId)) ? true : undefined,
      );
    await desk.call(METHODS.note, { conversationId, noteId: freshId(), text: noteMarkOf(tenant.name) });
    await desk.call(METHODS.list, { conversationId, afterVersion: 0, limit: 10 });
    // Not in the conversation: may read, but not write as an agent.
    const stranger = await tenant.newVisitor('who is refused');
    const other = await Socket.greet(tenant.httpUrl, stranger.token, stranger);
    const request = { conversationId, messageId: freshId(), text: `let me in ${mark}`, clientSeq: 0 };
    const refused = await other.call(METHODS.send, request);
    other.close();
    return { conversationId, refused };
  } finally {
    own.close();
    desk.close();
  }
};
