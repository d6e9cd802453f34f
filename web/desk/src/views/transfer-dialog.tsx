import { type ReactElement, useState } from 'react';
import { transferChat } from '../desk/care.js';
import { openDialog } from '../desk/ui-state.js';
import { errorWords } from '../i18n/error-words.js';
import { keysLabel } from '../lib/keys.js';
import { summaryDraft } from '../state/summary.js';
import { isChosen, nobody } from '../state/targets.js';
import type { Target } from '../state/thread-care.js';
import { Dialog } from '../ui/dialog.js';
import { FieldError } from '../ui/fields.js';
import { useDesk, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Keys } from '../ui/parts.js';
import { isMac } from './platform.js';
import { TransferTargets } from './transfer-targets.js';
import { useOpen } from './use-open.js';

const MOST_CHARS = 4096;
const close = (): void => openDialog(undefined);

/** Gives the open chat to somebody else, or asks somebody in; with what they need to know. */
export const TransferDialog = ({ id }: { id: string }): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const { thread } = useOpen(id, false);
  const [to, setTo] = useState<Target>(nobody);
  const [warm, setWarm] = useState(false);
  const draft = (): string =>
    summaryDraft(thread, { topic: t('topic'), visitor: t('draftVisitor'), note: t('draftNote') });
  const [summary, setSummary] = useState(() => desk.drafts.get(id, 'summary') || draft());
  const [refused, setRefused] = useState('');
  const [busy, setBusy] = useState(false);
  const ready = isChosen(to) && summary.trim() !== '' && !busy;
  const write = (text: string): void => {
    setSummary(text);
    desk.drafts.set(id, 'summary', text);
  };
  const go = async (): Promise<void> => {
    if (!ready) return;
    setBusy(true);
    try {
      await transferChat(desk, id, { ...to, summary: summary.trim(), warm });
      desk.drafts.set(id, 'summary', '');
      close();
    } catch (error) {
      setRefused(errorWords(error, t));
      setBusy(false);
    }
  };
  const title = t('transferTitle', { name: thread.name || t('visitor') });
  return (
    <Dialog label={title} className="transfer" onClose={close}>
      <form
        className="transfer-form"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void go();
        }}
      >
        <h2 className="dialog-title">{title}</h2>
        <TransferTargets thread={thread} to={to} warm={warm} onChoose={setTo} />
        <Mode warm={warm} toQueue={to.queueId !== ''} onChange={setWarm} />
        <label className="transfer-summary">
          <span className="transfer-label">
            {t('summary')} <span className="quiet">{t('summaryHint')}</span>
          </span>
          <textarea
            className="input"
            rows={4}
            required
            dir="auto"
            maxLength={MOST_CHARS}
            value={summary}
            onChange={(event) => write(event.target.value)}
          />
        </label>
        {summary.trim() === '' && (
          <button type="button" className="link transfer-fill" onClick={() => write(draft())}>
            {t('summaryFill')}
          </button>
        )}
        {refused && (
          <div role="alert">
            <FieldError error={refused} />
          </div>
        )}
        <div className="transfer-buttons">
          <button type="button" className="button" onClick={close}>
            {t('cancel')}
          </button>
          <button type="submit" className="button primary" disabled={!ready}>
            <Icon name="transfer" /> {t(warm ? 'doAsk' : 'doTransfer')}{' '}
            <Keys keys={keysLabel('Mod+Enter', isMac)} />
          </button>
        </div>
      </form>
    </Dialog>
  );
};

const Mode = ({
  warm,
  toQueue,
  onChange,
}: {
  warm: boolean;
  toQueue: boolean;
  onChange: (warm: boolean) => void;
}): ReactElement => {
  const { t } = useWords();
  return (
    <fieldset className="transfer-mode">
      <legend className="transfer-label">{t('whenTaken')}</legend>
      <div className="segments">
        <label>
          <input type="radio" name="mode" checked={!warm} onChange={() => onChange(false)} />
          <span>{t('modeCold')}</span>
        </label>
        <label>
          <input type="radio" name="mode" checked={warm} onChange={() => onChange(true)} />
          <span>{t('modeWarm')}</span>
        </label>
      </div>
      <p className="quiet">{t(warm ? 'modeWarmHint' : toQueue ? 'modeColdQueueHint' : 'modeColdHint')}</p>
    </fieldset>
  );
};
