import { type ReactElement, useState } from 'react';
import { errorWords } from '../../i18n/error-words.js';
import { Dialog } from '../../ui/dialog.js';
import { FieldError } from '../../ui/fields.js';
import { IconButton } from '../../ui/parts.js';
import { useAdminWords } from './words.js';

/** Removes something after asking; a refusal is shown where it was asked. */
export const RemoveButton = ({
  label,
  title,
  text,
  remove,
  onRemoved,
}: {
  label: string;
  /** The question, and what follows from a yes. */
  title: string;
  text: string;
  remove: () => Promise<unknown>;
  onRemoved: () => void;
}): ReactElement => {
  const { t } = useAdminWords();
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      await remove();
      setAsking(false);
      onRemoved();
    } catch (error) {
      setRefused(errorWords(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <IconButton
        icon="trash"
        label={label}
        onClick={() => {
          setRefused('');
          setAsking(true);
        }}
      />
      {asking && (
        <Dialog label={label} onClose={() => setAsking(false)}>
          <h2 className="dialog-title">{title}</h2>
          <p className="dialog-text">{text}</p>
          {refused && <FieldError error={refused} />}
          <div className="dialog-buttons">
            <button type="button" className="button" onClick={() => setAsking(false)}>
              {t('keep')}
            </button>
            <button type="button" className="button danger" disabled={busy} onClick={() => void run()}>
              {label}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
};
