import { isolated } from '@parley/client';
import { lazy, type ReactElement, Suspense, useCallback } from 'react';
import { showCustomer } from '../desk/ui-state.js';
import { linkOf, pathOf } from '../lib/format.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Skeleton, IconButton } from '../ui/parts.js';
import { useRemote } from '../ui/remote.js';
import { ContactCard } from './contact-card.js';
import { PastChats } from './past-chats.js';
import { Section } from './section.js';
import { STATE, useOpen } from './use-open.js';

// Only supervisors load it.
const WhyPanel = lazy(async () => ({ default: (await import('./why/why-panel.js')).WhyPanel }));
const VISITOR_EVERY_MS = 5_000;

/** Who the visitor is and what is known about the conversation. */
export const CustomerPanel = ({ id, readOnly }: { id: string; readOnly: boolean }): ReactElement => {
  const { viewer } = useDesk();
  const { t } = useWords();
  const { thread, error } = useOpen(id, readOnly);
  return (
    <aside className="panel" aria-label={t('customer')}>
      <div className="panel-head only-phone">
        <IconButton icon="back" label={t('back')} onClick={() => showCustomer(false)} />
        <h2>{t('customer')}</h2>
      </div>
      {thread.version === 0 ? (
        !error && <Skeleton lines={8} />
      ) : (
        <>
          <ContactCard key={thread.contactId} contactId={thread.contactId} thread={thread} />
          <OnSite contactId={thread.contactId} fallback={thread.page} />
          <Facts id={id} readOnly={readOnly} />
          <PastChats contactId={thread.contactId} except={id} />
          {viewer.supervises && (
            <Suspense fallback={<Skeleton lines={3} />}>
              <WhyPanel
                id={id}
                waiting={!readOnly && thread.state === STATE.CONVERSATION_STATE_QUEUED}
                version={`${thread.state} ${thread.agentIds.join()}`}
              />
            </Suspense>
          )}
        </>
      )}
    </aside>
  );
};

const OnSite = ({
  contactId,
  fallback,
}: {
  contactId: string;
  fallback: { url?: string; title?: string } | undefined;
}): ReactElement => {
  const { connection } = useDesk();
  const { t, formats } = useWords();
  const load = useCallback(
    () =>
      connection
        .call('parley.presence.v1.PresenceService/GetVisitor', { contactId })
        .then(({ visitor }) => visitor),
    [connection, contactId],
  );
  const [remote] = useRemote(load, VISITOR_EVERY_MS);
  const visitor = remote.value;
  const page = visitor?.currentPage ?? fallback;
  const trail = [...(visitor?.trail ?? [])].reverse();
  return (
    <Section
      title={t('onSite')}
      aside={
        visitor && (
          <span className="online" data-on={visitor.online ?? false}>
            {t(visitor.online ? 'onlineNow' : 'notOnline')}
          </span>
        )
      }
    >
      {page?.url || page?.title ? <PageLink page={page} /> : <p className="quiet">{t('pageUnknown')}</p>}
      {trail.length > 1 && (
        <details className="trail">
          <summary>{t('trail', { count: trail.length })}</summary>
          <ol>
            {trail.map((view, index) => (
              <li key={index}>
                <time>{view.at ? formats.time(Date.parse(view.at)) : ''}</time>
                <PageLink page={view.page ?? {}} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </Section>
  );
};

const PageLink = ({
  page: { url = '', title },
}: {
  page: { url?: string; title?: string };
}): ReactElement => {
  const href = linkOf(url);
  const words = (
    <>
      <span className="page-title">{title || pathOf(url)}</span>
      {title && <span className="page-path">{pathOf(url)}</span>}
    </>
  );
  return href ? (
    <a className="page-link" href={href} target="_blank" rel="noopener noreferrer" title={url}>
      {words}
    </a>
  ) : (
    <span className="page-link">{words}</span>
  );
};

const Facts = ({ id, readOnly }: { id: string; readOnly: boolean }): ReactElement => {
  const { queues, people } = useDesk();
  const { t, formats, language } = useWords();
  const names = useStore(people);
  const known = useStore(queues);
  const { thread } = useOpen(id, readOnly);
  const localeName = (): string => {
    try {
      return new Intl.DisplayNames([language], { type: 'language' }).of(thread.locale) ?? thread.locale;
    } catch {
      return thread.locale;
    }
  };
  const rows: readonly (readonly [string, string])[] = [
    [t('queueWord'), known.get(thread.queueId)?.queue?.name ?? thread.queueId],
    [
      t('agent'),
      thread.agentIds
        .map((agent) => isolated(thread.agentNames[agent] ?? names.get(agent) ?? agent))
        .join(', '),
    ],
    [t('topic'), thread.topic],
    [t('language'), thread.locale && localeName()],
    [t('started'), thread.startedAt ? formats.full(thread.startedAt) : ''],
    ...Object.entries(thread.prechat),
  ];
  return (
    <Section title={t('aboutChat')}>
      <dl className="facts">
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
      </dl>
    </Section>
  );
};
