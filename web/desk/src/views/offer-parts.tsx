import { routingEvents } from '@parley/client';
import { type ReactElement, useCallback } from 'react';
import { serverNow } from '../desk/clock.js';
import { whyYou } from '../i18n/care-words.js';
import type { Offer } from '../state/offers.js';
import type { Thread } from '../state/thread.js';
import { useDesk, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { useRemote } from '../ui/remote.js';
import { useNames } from './use-names.js';
import { CLOSE_WORDS } from './words.js';

const { OfferMade_Kind: Kind } = routingEvents;
const LAST_CHATS = 2;

/** Why it rings: from the queue, from a colleague, or chosen by a supervisor. */
export const OfferKind = ({ offer: { kind, warm, fromAgentId = '' } }: { offer: Offer }): ReactElement => {
  const { t } = useWords();
  const names = useNames();
  if (kind === Kind.KIND_TRANSFER)
    return (
      <>
        <Icon name="transfer" size={13} />{' '}
        {t(warm ? 'offerTransferWarm' : 'offerTransfer', { name: names.person(fromAgentId) })}
      </>
    );
  if (kind === Kind.KIND_ASSIGNED)
    return (
      <>
        <Icon name="star" size={13} /> {t('offerAssigned')}
      </>
    );
  return (
    <>
      <Icon name="bell" size={13} /> {t('newChat')}
    </>
  );
};

/** The last thing the visitor wrote; empty when they wrote nothing. */
export const lastOfVisitor = ({ items }: Thread): string => {
  const last = items.findLast((item) => item.type === 'message' && item.author === 'visitor');
  return last?.type === 'message' ? last.text : '';
};

/** What the agent before says about the chat. */
export const Handover = ({ thread }: { thread: Thread }): ReactElement | null => {
  const { t } = useWords();
  const names = useNames(thread.agentNames);
  const handing = thread.transfer ?? thread.handedOver;
  if (!handing?.summary) return null;
  return (
    <div className="offer-handover">
      <h3>{t('handoverNote', { name: names.person(handing.fromId) })}</h3>
      <p dir="auto">{handing.summary}</p>
    </div>
  );
};

/** The reasons of the routing, in the reader's language where this desk knows them. */
export const WhyYou = ({
  offer: { reasonCodes = [], reasons = [] },
}: {
  offer: Offer;
}): ReactElement | null => {
  const { t, language } = useWords();
  const names = useNames();
  const skill = useSkillNames(reasonCodes.some((code) => code.startsWith('skill:')));
  const speaks = new Intl.DisplayNames([language], { type: 'language' });
  const words = (reasonCodes.length > 0 ? reasonCodes : reasons).map(
    (code, index) =>
      whyYou(code, t, { queue: names.queue, skill, language: (tag) => languageName(speaks, tag) }) ??
      reasons[index] ??
      code,
  );
  if (words.length === 0) return null;
  return (
    <div className="offer-reasons">
      <h3>{t('whyYou')}</h3>
      <ul>
        {words.map((reason) => (
          <li key={reason}>
            <Icon name="check" size={13} /> {reason}
          </li>
        ))}
      </ul>
    </div>
  );
};

const languageName = (names: Intl.DisplayNames, tag: string): string => {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
};

/** Names of skills by id, asked for only when they are needed. */
const useSkillNames = (needed: boolean): ((id: string) => string) => {
  const { connection } = useDesk();
  const load = useCallback(
    () =>
      needed
        ? connection.call('parley.routing.v1.RoutingService/ListSkills', {}).then(({ skills = [] }) => skills)
        : Promise.resolve([]),
    [connection, needed],
  );
  const [remote] = useRemote(load);
  return (id) => remote.value?.find(({ skillId }) => skillId === id)?.name || id;
};

/** The visitor's last chats, in a line each. */
export const LastChats = ({
  contactId,
  except,
}: {
  contactId: string;
  except: string;
}): ReactElement | null => {
  const { connection } = useDesk();
  const { t, formats } = useWords();
  const load = useCallback(
    () =>
      connection
        .call('parley.transcript.v1.TranscriptService/ListTranscripts', {
          contactId,
          page: { limit: LAST_CHATS + 1 },
        })
        .then(({ transcripts = [] }) =>
          transcripts.filter(({ conversationId }) => conversationId !== except).slice(0, LAST_CHATS),
        ),
    [connection, contactId, except],
  );
  const [remote] = useRemote(load);
  if (!remote.value?.length) return null;
  return (
    <div className="offer-history">
      <h3>{t('offerHistory')}</h3>
      <ul>
        {remote.value.map((summary) => (
          <li key={summary.conversationId}>
            <span className="quiet">
              {formats.short(Date.parse(summary.startedAt ?? ''), serverNow())} ·{' '}
              {t(summary.closedAt ? CLOSE_WORDS[summary.closeReason ?? 'CLOSE_REASON_UNSPECIFIED'] : 'open')}
            </span>{' '}
            <span dir="auto">{summary.excerpt || summary.topic || t('noMessageYet')}</span>
          </li>
        ))}
      </ul>
    </div>
  );
};
