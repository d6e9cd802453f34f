import { type ReactElement, useState } from 'react';
import { Dialog } from '../../../ui/dialog.js';
import { useStore } from '../../../ui/hooks.js';
import { Icon } from '../../../ui/icons.js';
import { useAdminWords } from '../words.js';
import { type Secret, shownSecret } from './secrets.js';

/** A new password or key, until it is closed: nobody can see it again. */
export const ShownSecret = (): ReactElement | null => {
  const secret = useStore(shownSecret);
  return secret ? <Shown key={secret.text} secret={secret} /> : null;
};

const Shown = ({ secret: { title, lead, name, text } }: { secret: Secret }): ReactElement => {
  const { t } = useAdminWords();
  const [copied, setCopied] = useState(false);
  return (
    // No click beside it closes it: it would be lost.
    <Dialog label={t(title, { name })} className="secret" onClose={() => undefined}>
      <h2 className="dialog-title">{t(title, { name })}</h2>
      <p className="dialog-text">{t(lead)}</p>
      <p className="secret-text">
        <code>{text}</code>
      </p>
      <p role="status" className="form-hint">
        {t(copied ? 'secretCopied' : 'secretOnce')}
      </p>
      <div className="dialog-buttons">
        <button
          type="button"
          className="button"
          onClick={() =>
            void navigator.clipboard.writeText(text).then(
              () => setCopied(true),
              // Not allowed here: it can be marked and copied by hand.
              () => undefined,
            )
          }
        >
          <Icon name="copy" size={13} /> {t('copySecret')}
        </button>
        <button type="button" className="button primary" onClick={() => shownSecret.update(() => undefined)}>
          {t('secretKept')}
        </button>
      </div>
    </Dialog>
  );
};
