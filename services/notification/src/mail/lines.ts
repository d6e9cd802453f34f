import { common, conversation } from '@parley/contracts';
import type { MailLanguage } from './messages/index.js';

/** A line of a transcript, as plain text. */
export interface Line {
  readonly kind: 'own' | 'team' | 'event';
  readonly author: string;
  readonly text: string;
  readonly at: Date;
}

const { Actor_Kind: Kind } = common;
const { AgentLeft_Reason: Left } = conversation;

/** What a visitor reads of their conversation; events must have been narrowed to what visitors see. */
export const linesOf = (events: readonly conversation.RecordedEvent[], language: MailLanguage): Line[] =>
  events.flatMap((recorded) => {
    const line = lineOf(recorded, language);
    return line ? [{ ...line, at: recorded.time ?? new Date(0) }] : [];
  });

/** Characters of all lines: as text and as HTML, encoded, that is still a mail that servers take. */
const MOST_CHARACTERS = 1_000_000;

/** As many lines as a mail holds; the last says so where it is not all. */
export const fitting = (lines: readonly Line[], language: MailLanguage): readonly Line[] => {
  let left = MOST_CHARACTERS;
  const end = lines.findIndex(({ text }) => (left -= text.length) < 0);
  const cut = lines[end];
  if (!cut) return lines;
  return [...lines.slice(0, end), { kind: 'event', author: '', text: language.say('cut'), at: cut.at }];
};

const lineOf = (
  { event, actor }: conversation.RecordedEvent,
  language: MailLanguage,
): Omit<Line, 'at'> | undefined => {
  const told = (text: string): Omit<Line, 'at'> => ({ kind: 'event', author: '', text });
  const it = event?.event;
  switch (it?.$case) {
    case 'messageSent': {
      const { content } = it.value;
      const text =
        content?.$case === 'file'
          ? language.say('file', { name: content.value.name })
          : (content?.value.text ?? '');
      if (text === '') return undefined;
      return {
        kind: actor?.kind === Kind.KIND_VISITOR ? 'own' : 'team',
        author: authorOf(actor, language),
        text,
      };
    }
    case 'agentJoined':
      return told(language.say('joined', { name: it.value.agentName || language.say('agent') }));
    case 'agentLeft':
      // What it became follows: handed on or taken over.
      return it.value.reason === Left.REASON_TRANSFERRED || it.value.reason === Left.REASON_TAKEN_OVER
        ? undefined
        : told(language.say('left'));
    case 'supervisorJoined':
      return told(language.say('joined', { name: it.value.supervisorName || language.say('agent') }));
    case 'transferred':
      return told(language.say('transferred'));
    case 'held':
      return told(language.say('held'));
    case 'resumed':
      return told(language.say('resumed'));
    case 'messageTaken':
      return told(language.say('messageTaken'));
    case 'closed':
      return told(language.say('closed'));
    case 'reopened':
      return told(language.say('reopened'));
    case 'ratingGiven':
      return told(language.say('rated', { score: String(it.value.score) }));
    case 'started':
    case 'visitorIdentified':
    case 'noteAdded':
    case 'readUpTo':
    case 'queueEntered':
    case 'conversionRecorded':
    case 'contentErased':
    case 'pageChanged':
    case 'transferRequested':
    case 'transferRefused':
    case 'parked':
    case 'supervisorLeft':
    case 'whisperSent':
    case 'takenOver':
    case 'waitEstimateShown':
    case 'visitorInformed':
    case 'messageRequested':
    case 'followUpAssigned':
    case 'followUpAnswered':
    case 'handedToBot':
    case undefined:
      return undefined;
    default:
      return undefined;
  }
};

const authorOf = (actor: common.Actor | undefined, language: MailLanguage): string => {
  if (actor?.kind === Kind.KIND_VISITOR) return language.say('you');
  if (actor?.name) return actor.name;
  if (actor?.kind === Kind.KIND_AGENT) return language.say('agent');
  return language.say(actor?.kind === Kind.KIND_BOT ? 'assistant' : 'system');
};
