import { isolated } from '@parley/client';
import { type ReactElement, useCallback, useEffect, useState } from 'react';
import { serverNow } from '../desk/clock.js';
import { linkTo, navigate } from '../desk/navigation.js';
import { type Route } from '../state/route.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Avatar, Empty, Failure, Skeleton } from '../ui/parts.js';
import { useRemote } from '../ui/remote.js';
import { CLOSE_WORDS } from './words.js';

const PAUSE_MS = 250;

/** Transcripts that contain all the words; the latest ones while none are given. */
export const SearchPage = ({ query, openId }: { query: string; openId: string }): ReactElement => {
  const { connection, people } = useDesk();
  const { t, formats } = useWords();
  const names = useStore(people);
  const [words, setWords] = useState(query);
  useEffect(() => {
    if (words.trim() === query) return;
    const timer = setTimeout(
      () => navigate({ view: 'search', id: '', query: words.trim() }, { replace: true }),
      PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [words, query]);
  const load = useCallback(async () => {
    const page = { limit: 100 };
    const answer = query
      ? await connection.call('parley.transcript.v1.TranscriptService/SearchTranscripts', { query, page })
      : await connection.call('parley.transcript.v1.TranscriptService/ListTranscripts', { page });
    return answer.transcripts ?? [];
  }, [connection, query]);
  const [found, again] = useRemote(load);

  return (
    <section className="list" aria-labelledby="list-title">
      <div className="list-head">
        <h2 id="list-title">{t('search')}</h2>
        <span className="count" role="status">
          {found.status === 'ready' && t('foundCount', { count: found.value.length })}
        </span>
        <label className="search-field">
          <Icon name="search" />
          <input
            type="search"
            autoFocus
            value={words}
            placeholder={t('searchPlaceholder')}
            aria-label={t('searchPlaceholder')}
            maxLength={500}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      </div>
      {found.status === 'loading' && <Skeleton kind="row" lines={6} />}
      {found.status === 'failed' && (
        <Failure title={t('searchFailed')} message={found.message} retry={t('tryAgain')} again={again} />
      )}
      {found.status === 'ready' && found.value.length === 0 && (
        <Empty
          icon="search"
          title={t('nothingFound')}
          text={t(query ? 'searchOtherWords' : 'searchNothingYet')}
        />
      )}
      {found.status === 'ready' && found.value.length > 0 && (
        <ul className="list-scroll plain">
          {found.value.map((summary) => {
            const id = summary.conversationId ?? '';
            const to: Route = { view: 'search', id, query };
            const time = Date.parse(summary.closedAt ?? summary.startedAt ?? '');
            return (
              <li key={id}>
                <a className="row" {...linkTo(to)} aria-current={id === openId ? 'true' : undefined}>
                  <Avatar id={summary.contactId ?? id} name={summary.contactName ?? ''} size={32} />
                  <span className="row-body">
                    <span className="row-top">
                      <span className="row-name">{summary.contactName || t('visitor')}</span>
                      <span className="row-time">{time ? formats.short(time, serverNow()) : ''}</span>
                    </span>
                    <span className="row-text">
                      <span className="row-last" dir="auto">
                        {summary.excerpt || summary.topic || t('noMessageYet')}
                      </span>
                    </span>
                    <span className="row-foot">
                      <span>
                        {t(
                          summary.closedAt
                            ? CLOSE_WORDS[summary.closeReason ?? 'CLOSE_REASON_UNSPECIFIED']
                            : 'open',
                        )}
                      </span>
                      <span>{t('messageCount', { count: summary.messages ?? 0 })}</span>
                      <span>
                        {(summary.agentIds ?? [])
                          .map((agent) => isolated(names.get(agent) ?? agent))
                          .join(', ')}
                      </span>
                    </span>
                  </span>
                </a>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
};
