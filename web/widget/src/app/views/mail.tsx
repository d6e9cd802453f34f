import { useEffect, useRef, useState } from 'preact/hooks';
import { Field, isEmail } from './field.js';
import { useSurroundings, useTask } from './shared.js';

/** Asks for an address and sends the transcript there. */
export const MailTranscript = ({ onClose }: { onClose: () => void }) => {
  const { chat, language } = useSurroundings();
  const { say } = language;
  const [email, setEmail] = useState(chat.prechat['email'] ?? '');
  const [checked, setChecked] = useState(false);
  const [sent, setSent] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const mail = useTask(async () => {
    await chat.mailTranscript(email.trim());
    setSent(true);
  });
  useEffect(() => dialog.current?.showModal(), []);
  const error = checked && !isEmail(email) ? say('invalidEmail') : undefined;
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="mail-title" onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setChecked(true);
          if (isEmail(email)) mail.run();
        }}
      >
        <h2 id="mail-title">{say('mailTranscript')}</h2>
        {sent ? (
          <p role="status">{say('transcriptSent')}</p>
        ) : (
          <Field
            name="email"
            keyboard="email"
            label={say('email')}
            value={email}
            {...(error ? { error } : {})}
            onInput={setEmail}
          />
        )}
        {mail.failed && (
          <p class="field-error" role="alert">
            {say('failed')}
          </p>
        )}
        <div class="dialog-actions">
          <button type="button" class="button is-quiet" onClick={() => dialog.current?.close()}>
            {say(sent ? 'close' : 'cancel')}
          </button>
          {!sent && (
            <button type="submit" class="button is-main" disabled={mail.busy}>
              {say('transcriptSend')}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
};
