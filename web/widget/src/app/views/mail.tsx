import { ApiError, newId } from '@parley/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Field, isEmail } from './field.js';
import { useSurroundings, useTask } from './shared.js';

/** The same again would be refused again. */
const isTooMany = (error: unknown): boolean =>
  error instanceof ApiError && error.details.reason === 'TOO_MANY_MAILS';

/** Asks for an address and sends the transcript there: at once when the chat is closed, else at its end. */
export const MailTranscript = ({ closed, onClose }: { closed: boolean; onClose: () => void }) => {
  const { chat, language } = useSurroundings();
  const { say } = language;
  const [email, setEmail] = useState(chat.prechat['email'] ?? '');
  const [checked, setChecked] = useState(false);
  const [sent, setSent] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  // One for each address: a second try mails once, a corrected address is another mail.
  const ids = useRef(new Map<string, string>());
  const mail = useTask(async () => {
    const address = email.trim();
    const id = ids.current.get(address) ?? newId();
    ids.current.set(address, id);
    await chat.mailTranscript(address, id);
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
          <p role="status">{say(closed ? 'transcriptSent' : 'transcriptLater')}</p>
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
            {say(isTooMany(mail.error) ? 'transcriptTooMany' : 'failed')}
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
