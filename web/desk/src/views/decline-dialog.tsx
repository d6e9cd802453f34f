import { type ReactElement, useEffect, useState } from 'react';
import { openDialog, ui } from '../desk/ui-state.js';
import { DECLINE_WORDS } from '../i18n/care-words.js';
import { DECLINE_REASONS } from '../state/reasons.js';
import { Dialog } from '../ui/dialog.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Keys } from '../ui/parts.js';

const MOST_CHARS = 200;
const close = (): void => openDialog(undefined);

/** Asks why the offer is declined: by click, 1 to 3, or in own words. Gone with the offer. */
export const DeclineDialog = ({ fail }: { fail: (error: Error) => void }): ReactElement | null => {
  const desk = useDesk();
  const { t } = useWords();
  const { declining } = useStore(ui);
  const offers = useStore(desk.offers);
  const [offer] = useState(() => offers.find(({ offerId }) => offerId === declining) ?? offers[0]);
  const [words, setWords] = useState('');
  const rings = offers.some(({ offerId }) => offerId === offer?.offerId);
  useEffect(() => {
    if (!rings) close();
  }, [rings]);
  if (!offer || !rings) return null;
  const decline = (reason: string): void => {
    close();
    desk.decline(offer, reason).catch(fail);
  };
  return (
    <Dialog label={t('declineTitle')} onClose={close}>
      <h2 className="dialog-title">{t('declineTitle')}</h2>
      <div
        className="choices"
        onKeyDown={(event) => {
          const reason = DECLINE_REASONS[Number(event.key) - 1];
          if (reason && !(event.target instanceof HTMLInputElement)) decline(reason);
        }}
      >
        {DECLINE_REASONS.map((reason, index) => (
          <button
            key={reason}
            type="button"
            className="choice"
            autoFocus={index === 0}
            onClick={() => decline(reason)}
          >
            <span className="menu-words">{t(DECLINE_WORDS[reason])}</span>
            <Keys keys={String(index + 1)} />
          </button>
        ))}
      </div>
      <form
        className="decline-other"
        onSubmit={(event) => {
          event.preventDefault();
          decline(words.trim());
        }}
      >
        <input
          className="input"
          aria-label={t('declineOther')}
          placeholder={`${t('declineOther')}: ${t('declineOtherHint')}`}
          maxLength={MOST_CHARS}
          dir="auto"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <button type="submit" className="button">
          {t('decline')}
        </button>
      </form>
    </Dialog>
  );
};
