import { expect, it } from '@jest/globals';
import { partitionOfTenant, presence, sessionDeltaSubject } from '@parley/contracts';
import { ApiError, ErrorCode } from '@parley/kernel';
import { PresenceReporter } from '../presence/reporter.js';
import { Calls } from './calls.js';
import type { SocketPort } from './port.js';

const START = 'parley.conversation.v1.ConversationService/StartConversation';
const socket: SocketPort = {
  id: 's-1',
  session: { sessionId: 's', tenant: 'acme', principal: { role: 'visitor', id: 'v-1' }, expiresAt: Infinity },
  open: false,
  send: () => undefined,
  sendPage: async () => undefined,
};

it('tells presence of a conversation whose visitor was gone before it was started', async () => {
  const deltas: presence.SessionDelta[] = [];
  const reporter = new PresenceReporter(
    {
      publish: (subject, data) => {
        if (subject === sessionDeltaSubject(partitionOfTenant('acme')))
          deltas.push(presence.SessionDelta.decode(data));
      },
      subscribe: () => ({ unsubscribe: () => undefined, drain: async () => undefined }),
    },
    'gateway-1',
    'epoch',
  );
  let answer: (response: unknown) => void = () => undefined;
  const started = new Promise<unknown>((resolve) => (answer = resolve));
  const method = { responseType: { toJSON: () => ({}) } };
  const calls = new Calls(
    { method: () => method as never, invokeJson: () => started },
    socket,
    () => ({ remote: '', transport: 'socket', deadline: 0 }),
    () => new ApiError(ErrorCode.internal, 'a defect'),
    (conversationId) => reporter.opened(socket, conversationId),
  );
  reporter.opened(socket, '');
  calls.run(1, START, {});
  const closed = new Promise<void>((resolve) =>
    calls.whenIdle(() => {
      reporter.closed(socket);
      resolve();
    }),
  );
  answer({ conversationId: '0-chat' });
  await closed;
  reporter.close();
  expect(deltas.map((d) => [d.opened.map((s) => s.conversationId), d.closed])).toEqual([
    [['0-chat'], []],
    [[], ['s-1']],
  ]);
});
