import { type ReactElement, useState } from 'react';
import { errorWords } from '../../../i18n/error-words.js';
import { Dialog } from '../../../ui/dialog.js';
import { FieldError, TextField } from '../../../ui/fields.js';
import { useAdminWords } from '../words.js';

/** Asks for a comment and does something; a refusal stays in the dialog. */
export const CommentDialog = ({
  title,
  text,
  action,
  run,
  onClose,
}: {
  title: string;
  text: string;
  action: string;
  run: (comment: string) => Promise<void>;
  onClose: () => void;
}): ReactElement => {
  const { t } = useAdminWords();
  const [comment, setComment] = useState('');
  const [refused, setRefused] = useState('');
  const [busy, setBusy] = useState(false);
  const go = async (): Promise<void> => {
    setBusy(true);
    try {
      await run(comment.trim());
      onClose();
    } catch (error) {
      setRefused(errorWords(error, t));
      setBusy(false);
    }
  };
  return (
    <Dialog label={title} onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <h2 className="dialog-title">{title}</h2>
        <p className="dialog-text">{text}</p>
        <TextField
          label={t('comment')}
          hint={t('commentHint')}
          maxLength={500}
          value={comment}
          onChange={setComment}
        />
        {refused && <FieldError error={refused} />}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
