import { common, type conversation } from '@parley/contracts';
import { EMAIL } from './requests.js';
import { greetingOf, letterOf, type Letter } from './template.js';
import { linesOf } from './lines.js';
import { mailLanguage } from './messages/index.js';

/** The answer to a message that was left, and where it goes. */
export interface AnswerMail {
  readonly to: string;
  readonly letter: Letter;
}

type Events = readonly conversation.RecordedEvent[];

/**
 * The mail of the answer that the event `answeredAt` names, with the message it answers below it. Undefined when there
 * is nothing to say or nobody to say it to (any more): content was erased, or the address is none.
 */
export const answerMail = (
  events: Events,
  answeredAt: number,
  name: string,
  locale: string,
): AnswerMail | undefined => {
  const before = events.filter((recorded) => recorded.version < answeredAt);
  const taken = before.findLast(({ event }) => event?.event?.$case === 'messageTaken');
  const answer = before.findLast(({ event }) => event?.event?.$case === 'messageSent');
  const to = addressIn(before);
  if (!taken || !answer || to === undefined || !EMAIL.test(to)) return undefined;
  const language = mailLanguage(locale);
  const asked = before.filter(({ version, actor }) => version < taken.version && isVisitor(actor));
  const lines = linesOf(
    [answer, ...asked.filter(({ event }) => event?.event?.$case === 'messageSent')],
    language,
  );
  if (lines[0]?.kind !== 'team') return undefined;
  const date = language.date(taken.time ?? new Date(0));
  return {
    to,
    letter: letterOf(
      {
        subject: language.say('answerSubject', { date }),
        greeting: greetingOf(name, language),
        intro: language.say('answerIntro', { date }),
        lines,
        empty: '',
        footer: `${language.say('answerFooter')} ${language.say('times')}`,
      },
      language,
    ),
  };
};

const isVisitor = (actor: common.Actor | undefined): boolean =>
  actor?.kind === common.Actor_Kind.KIND_VISITOR;

/** The address that was given last. */
const addressIn = (events: Events): string | undefined =>
  events
    .flatMap(({ event }) => (event?.event?.$case === 'visitorIdentified' ? [event.event.value.email] : []))
    .findLast((email) => email !== '');
