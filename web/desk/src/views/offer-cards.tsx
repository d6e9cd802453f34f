import type { ReactElement } from 'react';
import { serverNow } from '../desk/clock.js';
import { askDecline } from '../desk/ui-state.js';
import { clockOf, pathOf } from '../lib/format.js';
import { keysLabel } from '../lib/keys.js';
import type { Offer } from '../state/offers.js';
import { useDesk, useNow, useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Avatar, Keys } from '../ui/parts.js';
import { Handover, lastOfVisitor, LastChats, OfferKind, WhyYou } from './offer-parts.js';
import { isMac } from './platform.js';
import { useOpen } from './use-open.js';

/** A ring that empties is drawn as if every offer rang this long at least, ms. */
const RING_MS = 20_000;

/** The chats that are offered to the viewer now. */
export const OfferCards = (): ReactElement => {
  const { offers } = useDesk();
  const { t } = useWords();
  const list = useStore(offers);
  return (
    <section className="offers" aria-label={t('offers')} aria-live="assertive">
      {list.map((offer, index) => (
        <OfferCard key={offer.offerId} offer={offer} first={index === 0} />
      ))}
    </section>
  );
};

const OfferCard = ({ offer, first }: { offer: Offer; first: boolean }): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const row = useStore(desk.inbox).rows.get(offer.conversationId);
  const open = useOpen(offer.conversationId, false);
  const name = row?.contactName || open.thread.name || t('visitor');
  const fail = desk.notices.refused;
  const keys = (combo: string): ReactElement | false => first && <Keys keys={keysLabel(combo, isMac)} />;
  const last = row?.lastText || lastOfVisitor(open.thread);
  return (
    <article className="offer" aria-label={t('newChatFrom', { name })}>
      <header className="offer-head">
        <Avatar id={offer.contactId ?? offer.offerId} name={row?.contactName ?? ''} size={36} />
        <div className="offer-who">
          <p className="offer-kind">
            <OfferKind offer={offer} />
          </p>
          <h2>{name}</h2>
        </div>
        <Countdown offer={offer} />
      </header>
      <Handover thread={open.thread} />
      {last && (
        <p className="offer-text" dir="auto">
          {last}
        </p>
      )}
      <dl className="facts">
        {offer.topic && (
          <div>
            <dt>{t('topic')}</dt>
            <dd>{offer.topic}</dd>
          </div>
        )}
        {offer.queueName && (
          <div>
            <dt>{t('queueWord')}</dt>
            <dd>{offer.queueName}</dd>
          </div>
        )}
        {offer.pageUrl && (
          <div>
            <dt>{t('page')}</dt>
            <dd>{pathOf(offer.pageUrl)}</dd>
          </div>
        )}
        <div>
          <dt>{t('waiting')}</dt>
          <dd>
            <WaitingTime since={offer.waitingSince} />
          </dd>
        </div>
        {(offer.priority ?? 0) > 0 && (
          <div>
            <dt>{t('urgency')}</dt>
            <dd>{t('offerPriority', { level: offer.priority ?? 0 })}</dd>
          </div>
        )}
      </dl>
      <WhyYou offer={offer} />
      {offer.contactId && <LastChats contactId={offer.contactId} except={offer.conversationId} />}
      {(offer.others ?? 0) > 0 && (
        <p className="offer-others">
          <Icon name="user" size={13} /> {t('offerOthers', { count: offer.others ?? 0 })}
        </p>
      )}
      <div className="offer-buttons">
        <button type="button" className="button" onClick={() => askDecline(offer.offerId)}>
          {t('decline')} {keys('Alt+D')}
        </button>
        <button type="button" className="button primary" onClick={() => void desk.accept(offer).catch(fail)}>
          {t('accept')} {keys('Alt+A')}
        </button>
      </div>
    </article>
  );
};

const WaitingTime = ({ since }: { since: string | undefined }): ReactElement => {
  const now = useNow();
  return <>{since ? clockOf(now - Date.parse(since)) : '–'}</>;
};

const Countdown = ({ offer }: { offer: Offer }): ReactElement => {
  const { t } = useWords();
  useNow();
  const left = Math.max(0, Date.parse(offer.expiresAt ?? '') - serverNow()) || 0;
  const seconds = Math.ceil(left / 1000);
  return (
    <span
      className="countdown"
      role="timer"
      aria-live="off"
      aria-label={t('secondsLeft', { count: seconds })}
    >
      <svg viewBox="0 0 36 36" width="40" height="40" aria-hidden="true">
        <circle className="countdown-track" cx="18" cy="18" r="15.5" pathLength="100" />
        <circle
          className="countdown-rest"
          data-late={seconds <= 5}
          cx="18"
          cy="18"
          r="15.5"
          pathLength="100"
          strokeDasharray={`${Math.min(100, (left / Math.max(RING_MS, left)) * 100)} 100`}
        />
      </svg>
      <span aria-hidden="true">{seconds}</span>
    </span>
  );
};
