import { useState } from 'preact/hooks';
import type { Availability } from '../availability.js';
import { type ChatState, mayGreet } from '../state.js';
import type { Words } from '../i18n/en.js';
import { Composer } from './composer.js';
import { Field, isEmail } from './field.js';
import { Hours } from './hours.js';
import { MessageForm } from './message-form.js';
import { useAvailability, useSurroundings } from './shared.js';

const WORDS: Readonly<Record<string, keyof Words>> = { name: 'name', email: 'email', topic: 'topic' };

/** Before anybody wrote: the greeting, whether somebody is there, and the first message or one for later. */
export const Welcome = ({ state }: { state: ChatState }) => {
  const { chat, language } = useSurroundings();
  const { say } = language;
  const [answers, setAnswers] = useState<Record<string, string>>(() => ({ ...chat.prechat }));
  const [checked, setChecked] = useState(false);
  const [chosen, choose] = useState<'message' | 'chat'>();
  const fields = state.settings.prechat ?? [];
  const topic = answers['topic']?.trim() ?? '';
  const { availability } = state;

  useAvailability(topic);

  const errorOf = (name: string, required = false): string | undefined => {
    const value = answers[name]?.trim() ?? '';
    if (required && !value) return say('required');
    return name === 'email' && value && !isEmail(value) ? say('invalidEmail') : undefined;
  };
  const keepAnswers = (): void => {
    const given = Object.entries(answers).filter(([, value]) => value.trim());
    chat.setPrechat(Object.fromEntries(given.map(([name, value]) => [name, value.trim()])));
  };
  const start = (text: string): boolean => {
    setChecked(true);
    const wrong = fields.find(({ name = '', required }) => errorOf(name, required));
    if (wrong) {
      document.getElementById(`field-${wrong.name}`)?.focus();
      return false;
    }
    keepAnswers();
    return chat.send(text);
  };

  if (availability && takesMessage(availability, chosen))
    return (
      <div class="welcome">
        <Standing availability={availability} />
        <Hours availability={availability} />
        <MessageForm
          replyBy={availability.replyBy}
          disabled={state.boot !== 'ready'}
          focus={chosen === 'message'}
          {...(availability.standing === 'closed'
            ? {}
            : {
                back: {
                  label: say(availability.standing === 'message' ? 'waitAnyway' : 'startInstead'),
                  onClick: () => choose('chat'),
                },
              })}
        />
      </div>
    );
  return (
    <>
      <div class="welcome">
        <h2>{say('welcome')}</h2>
        {mayGreet(state) && <p dir="auto">{state.settings.greeting || say('welcomeHint')}</p>}
        {availability && availability.standing !== 'online' && (
          <div class="waiting is-before" role="status">
            <div>
              <p class="waiting-title">
                {say(availability.standing === 'busy' ? 'busyTitle' : 'messageTitle')}
              </p>
              {availability.wait && (
                <p class="waiting-range">
                  {say('busyWait', { time: language.wait(availability.wait.low, availability.wait.high) })}
                </p>
              )}
              {availability.standing === 'busy' && <p>{say('busyHint')}</p>}
              <button
                type="button"
                class="link"
                onClick={() => {
                  keepAnswers();
                  choose('message');
                }}
              >
                {say('messageInstead')}
              </button>
            </div>
          </div>
        )}
        {fields.length > 0 && (
          <div class="card">
            {fields.map(({ name = '', label, required }) => {
              const word = WORDS[name];
              return (
                <Field
                  key={name}
                  name={name}
                  label={label || (word ? say(word) : name)}
                  {...(required ? {} : { hint: say('optional') })}
                  keyboard={name === 'email' ? 'email' : 'text'}
                  value={answers[name] ?? ''}
                  {...(checked ? { error: errorOf(name, required) } : {})}
                  onInput={(value) => setAnswers({ ...answers, [name]: value })}
                />
              );
            })}
          </div>
        )}
      </div>
      {(state.boot === 'ready' ? state.asked : state.boot !== 'starting') && (
        <Composer disabled={state.boot !== 'ready'} onSend={start} onWrite={() => choose('chat')} />
      )}
    </>
  );
};

/** Whether a message is asked for: closed hours leave no choice, otherwise it is the visitor's. */
const takesMessage = ({ standing }: Availability, chosen: 'message' | 'chat' | undefined): boolean =>
  standing === 'closed' || (chosen ?? (standing === 'message' ? 'message' : 'chat')) === 'message';

/** Why a message is taken, and when somebody is there again. */
const Standing = ({ availability: { standing, opensAt } }: { availability: Availability }) => {
  const { language } = useSurroundings();
  const { say } = language;
  return (
    <>
      <h2>
        {say(standing === 'closed' ? 'closedTitle' : standing === 'message' ? 'messageTitle' : 'messageOnly')}
      </h2>
      <p role="status">
        {opensAt ? `${say('opensAt', { time: language.moment(opensAt) })} ` : ''}
        {say('messagePrompt')}
      </p>
    </>
  );
};
