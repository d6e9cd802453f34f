import { newId } from '@parley/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Area, Field, isEmail } from './field.js';
import { useSurroundings, useTask } from './shared.js';

/** Takes a message that is answered later. */
export const MessageForm = (props: {
  /** When an answer is promised, ms; 0 when nothing is. */
  replyBy: number;
  /** Something was written in the chat already: nothing more is needed. */
  written?: boolean;
  disabled?: boolean;
  /** The visitor chose to write, and finds themselves in the form; who was asked to goes on reading. */
  focus?: boolean;
  /** The other way; none when there is no other. */
  back?: { label: string; onClick: () => void };
}) => {
  const { replyBy, written = false, disabled = false, focus = false, back } = props;
  const { chat, keep, language } = useSurroundings();
  const { say } = language;
  const known = chat.prechat;
  const [name, setName] = useState(known['name'] ?? '');
  const [email, setEmail] = useState(known['email'] ?? '');
  const [text, setText] = useState(() => keep.get<string>('draft') ?? '');
  const [checked, setChecked] = useState(false);
  // The same for every try: a message whose confirmation was lost is not taken twice.
  const messageId = useRef(newId());
  const leave = useTask(async () => {
    await chat.leaveMessage({
      messageId: messageId.current,
      name: name.trim(),
      email: email.trim(),
      text: text.trim(),
    });
    keep.set('draft', '');
  });
  useEffect(() => {
    if (focus) document.getElementById('field-name')?.focus();
  }, [focus]);
  const wrong = {
    email: email.trim() && !isEmail(email) ? say('invalidEmail') : undefined,
    text: !written && !text.trim() ? say('required') : undefined,
  };
  const write = (next: string): void => {
    setText(next);
    keep.set('draft', next);
  };
  return (
    <form
      class="message-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setChecked(true);
        if (wrong.email ?? wrong.text)
          document.getElementById(wrong.email ? 'field-email' : 'field-text')?.focus();
        else leave.run();
      }}
    >
      <Field name="name" label={say('name')} hint={say('optional')} value={name} onInput={setName} />
      <Field
        name="email"
        label={say('email')}
        hint={say('messageEmail')}
        keyboard="email"
        value={email}
        {...(checked ? { error: wrong.email } : {})}
        onInput={setEmail}
      />
      <Area
        name="text"
        label={say(written ? 'messageMore' : 'message')}
        rows={written ? 3 : 5}
        {...(written ? { hint: say('optional') } : {})}
        value={text}
        {...(checked ? { error: wrong.text } : {})}
        onInput={write}
      />
      {written && <p class="form-note">{say('messageKept')}</p>}
      <p class="form-note">
        {replyBy ? say('promise', { time: language.moment(replyBy) }) : say('promiseSoon')}
      </p>
      {leave.failed && (
        <p class="field-error" role="alert">
          {say('failed')}
        </p>
      )}
      <button type="submit" class="button is-main" disabled={disabled || leave.busy}>
        {say('messageSend')}
      </button>
      {back && (
        <button type="button" class="button is-quiet" onClick={back.onClick}>
          {back.label}
        </button>
      )}
    </form>
  );
};
