import { useState } from 'preact/hooks';
import type { ChatState } from '../state.js';
import type { Words } from '../i18n/en.js';
import { Composer } from './composer.js';
import { Field, isEmail } from './field.js';
import { useSurroundings } from './shared.js';

const WORDS: Readonly<Record<string, keyof Words>> = { name: 'name', email: 'email', topic: 'topic' };

/** Before anybody wrote: the greeting, the tenant's questions, and the first message. */
export const Welcome = ({ state }: { state: ChatState }) => {
  const { chat, language } = useSurroundings();
  const { say } = language;
  const [answers, setAnswers] = useState<Record<string, string>>(() => ({ ...chat.prechat }));
  const [checked, setChecked] = useState(false);
  const fields = state.settings.prechat ?? [];

  const errorOf = (name: string, required = false): string | undefined => {
    const value = answers[name]?.trim() ?? '';
    if (required && !value) return say('required');
    return name === 'email' && value && !isEmail(value) ? say('invalidEmail') : undefined;
  };
  const start = (text: string): boolean => {
    setChecked(true);
    const wrong = fields.find(({ name = '', required }) => errorOf(name, required));
    if (wrong) {
      document.getElementById(`field-${wrong.name}`)?.focus();
      return false;
    }
    const given = Object.entries(answers).filter(([, value]) => value.trim());
    chat.setPrechat(Object.fromEntries(given.map(([name, value]) => [name, value.trim()])));
    return chat.send(text);
  };

  return (
    <>
      <div class="welcome">
        <h2>{say('welcome')}</h2>
        <p dir="auto">{state.settings.greeting || say('welcomeHint')}</p>
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
      <Composer disabled={state.boot !== 'ready'} onSend={start} />
    </>
  );
};
