import { conversation, type common, type log } from '@parley/contracts';

/** What happened, without its place in the log. */
export type Fact = NonNullable<conversation.ConversationEvent['event']>;

/** What happens in handing on, holding, supervising and answering later. */
export type CareFact = Extract<Fact, { $case: (typeof careEvents)[number] }>;

/** What happened, by whom and when: actor and time stand once in the commit and hold for all its events. */
export interface ConversationFact {
  readonly fact: Fact;
  readonly actor: common.Actor;
  /** Milliseconds since 1970, of the commit. */
  readonly time: number;
}

const NOBODY: common.Actor = { kind: 0, id: '', name: '' };

/** How events stand in the log. `decode` returns undefined for an event of a newer release. */
export const conversationCodec = {
  encode: ({ fact }: ConversationFact): Uint8Array =>
    conversation.ConversationEvent.encode({ event: fact }).finish(),
  decode: (bytes: Uint8Array, commit: log.Commit): ConversationFact | undefined => {
    const { event } = conversation.ConversationEvent.decode(bytes);
    return event && { fact: event, actor: commit.actor ?? NOBODY, time: commit.time?.getTime() ?? 0 };
  },
  kindOf: ({ fact }: ConversationFact): string => fact.$case,
};

const careEvents = [
  'transferRequested',
  'transferred',
  'transferRefused',
  'held',
  'resumed',
  'parked',
  'supervisorJoined',
  'supervisorLeft',
  'whisperSent',
  'takenOver',
  'waitEstimateShown',
  'visitorInformed',
  'messageRequested',
  'messageTaken',
  'followUpAssigned',
  'followUpAnswered',
  'handedToBot',
] as const satisfies readonly Fact['$case'][];

const careNames: ReadonlySet<Fact['$case']> = new Set(careEvents);

/** True for what `evolveCare` and `evolveViewCare` apply. */
export const isCare = (fact: Fact): fact is CareFact => careNames.has(fact.$case);

/** The names of all events that this release knows, as announced to the group of owners. */
export const knownEvents: readonly Fact['$case'][] = [
  'started',
  'visitorIdentified',
  'messageSent',
  'noteAdded',
  'readUpTo',
  'queueEntered',
  'agentJoined',
  'agentLeft',
  'closed',
  'reopened',
  'ratingGiven',
  'conversionRecorded',
  'contentErased',
  'pageChanged',
  ...careEvents,
];
