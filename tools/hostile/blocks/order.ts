import { ErrorCode } from '@parley/kernel';
import { methodOf } from '../methods.js';
import { refused, refusedField, succeeded, type Outcome } from '../outcome.js';
import { must, type Case } from '../suite.js';
import { freshId, type Tenant } from '../tenant.js';
import type { Caller, Transport } from '../transports.js';
import type { World } from '../world.js';

const { failedPrecondition, permissionDenied } = ErrorCode;

/** One chat and those in it, over one way in. */
interface Chat {
  readonly conversationId: string;
  readonly visitor: Caller;
  readonly anna: Caller;
  readonly sam: Caller;
  readonly tell: (who: Caller, method: string, request?: object) => Promise<Outcome>;
  /** The number of its last event. */
  readonly head: () => Promise<number>;
}

interface Sequence {
  readonly name: string;
  readonly play: (chat: Chat) => Promise<void>;
}

const SEND = 'SendMessage';
const message = (clientSeq = 0, messageId = freshId()): object => ({
  messageId,
  text: 'out of order',
  clientSeq,
});
const closing = (): object => ({ commandId: freshId(), reason: 'CLOSE_REASON_RESOLVED' });
const rating = (): object => ({ commandId: freshId(), score: 5 });

/** Commands of a conversation that come when they must not, and what each is answered. */
const SEQUENCES: readonly Sequence[] = [
  {
    name: 'nobody writes or notes after the close',
    play: async ({ visitor, anna, tell, head }) => {
      succeeded(await tell(anna, 'CloseConversation', closing()));
      const closedAt = await head();
      for (const who of [visitor, anna]) refused(await tell(who, SEND, message()), failedPrecondition);
      refused(await tell(anna, 'AddNote', { noteId: freshId(), text: 'late' }), failedPrecondition);
      must((await head()) === closedAt, 'the closed chat has grown');
    },
  },
  {
    name: 'a rating before the close is refused, and so is one that is not the visitor’s',
    play: async ({ visitor, anna, tell, head }) => {
      refused(await tell(visitor, 'RateConversation', rating()), failedPrecondition);
      succeeded(await tell(anna, 'CloseConversation', closing()));
      const first = rating();
      succeeded(await tell(visitor, 'RateConversation', first));
      const rated = await head();
      succeeded(await tell(visitor, 'RateConversation', first));
      must((await head()) === rated, 'a repeated rating was written again');
      refused(await tell(anna, 'RateConversation', rating()), permissionDenied);
    },
  },
  {
    name: 'closing twice closes once',
    play: async ({ visitor, anna, tell, head }) => {
      succeeded(await tell(anna, 'CloseConversation', closing()));
      const closedAt = await head();
      for (const who of [anna, visitor]) succeeded(await tell(who, 'CloseConversation', closing()));
      must((await head()) === closedAt, 'a second close was written');
    },
  },
  {
    name: 'a chat that is open is not opened again',
    play: async ({ anna, tell, head }) => {
      const before = await head();
      succeeded(await tell(anna, 'ReopenConversation', { commandId: freshId() }));
      must((await head()) === before, 'an open chat was reopened');
    },
  },
  {
    name: 'numbers of messages have no gap and do not go back; a replay is answered, not written again',
    play: async ({ visitor, tell, head }) => {
      const first = message(2);
      succeeded(await tell(visitor, SEND, first));
      const written = await head();
      succeeded(await tell(visitor, SEND, first));
      must((await head()) === written, 'a replay was written again');
      for (const clientSeq of [1, 2, 4, 1_000_000]) {
        const outcome = await tell(visitor, SEND, message(clientSeq));
        must(outcome.code !== 0, `number ${clientSeq} was taken after 2`);
      }
      must((await head()) === written, 'a message out of order was written');
      succeeded(await tell(visitor, SEND, message(3)));
    },
  },
  {
    name: 'read marks beyond the end are refused, backwards they change nothing',
    play: async ({ visitor, tell, head }) => {
      const end = await head();
      refusedField(await tell(visitor, 'MarkRead', { version: end + 1 }), 'version');
      refusedField(await tell(visitor, 'MarkRead', { version: 4_000_000_000 }), 'version');
      succeeded(await tell(visitor, 'MarkRead', { version: end }));
      const marked = await head();
      succeeded(await tell(visitor, 'MarkRead', { version: 1 }));
      must((await head()) === marked, 'a mark went back');
    },
  },
  {
    name: 'who is not in the chat does not write, and a visitor writes no notes',
    play: async ({ visitor, sam, tell }) => {
      refused(await tell(sam, SEND, message()), [permissionDenied, failedPrecondition]);
      refused(await tell(visitor, 'AddNote', { noteId: freshId(), text: 'mine' }), permissionDenied);
    },
  },
];

const chatOf = async (transport: Transport, tenant: Tenant): Promise<Chat> => {
  const visitor = await tenant.newVisitor('out of order');
  const { conversationId } = await tenant.chat(visitor);
  const tell = (who: Caller, method: string, request: object = {}): Promise<Outcome> =>
    transport.call(methodOf(`ConversationService/${method}`), { conversationId, ...request }, who);
  const [anna, sam] = [tenant.person('anna'), tenant.person('sam')];
  const head = async (): Promise<number> =>
    (succeeded(await tell(anna, 'ListEvents')) as { headVersion: number }).headVersion;
  return { conversationId, visitor, anna, sam, tell, head };
};

const playing = (world: World, transport: Transport, { name, play }: Sequence): Case => ({
  name: `${transport.name} ${name}`,
  run: async () => {
    const chat = await chatOf(transport, world.acme);
    await play(chat);
    succeeded(await chat.tell(chat.anna, 'CloseConversation', closing()));
  },
});

/** An offer answered in the wrong order: by another agent, after it was declined, after it was accepted. */
const offerCase = (world: World): Case => ({
  name: 'an offer is accepted once, by whom it was made to, and not after it was declined',
  run: async () => {
    const { acme, http } = world;
    const visitor = await acme.newVisitor('offered');
    const { conversationId, offerId } = await acme.chat(visitor);
    const anna = acme.person('anna');
    const answer = (who: Caller, method: string): Promise<Outcome> =>
      http.call(methodOf(`RoutingService/${method}`), { offerId }, who);
    refused(await answer(acme.person('ben'), 'AcceptOffer'), [failedPrecondition, permissionDenied]);
    refused(await answer(anna, 'DeclineOffer'), failedPrecondition);
    // The same answer again is a repetition.
    succeeded(await answer(anna, 'AcceptOffer'));
    await acme.close(conversationId);
  },
});

/** Wrong orders of commands in a chat; one after the other, as Anna holds few chats at once. */
export const orderCases = (world: World): Case[] => {
  const ways = [world.http, world.grpc];
  const cases = [
    ...ways.flatMap((transport) => SEQUENCES.map((sequence) => playing(world, transport, sequence))),
    offerCase(world),
  ];
  let turn: Promise<void> = Promise.resolve();
  return cases.map(({ name, run }) => ({
    name,
    run: () => {
      const mine = turn.then(run);
      turn = mine.catch(() => undefined);
      return mine;
    },
  }));
};
