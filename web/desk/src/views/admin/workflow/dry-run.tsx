import type { routing } from '@parley/client';
import { type ReactElement, useState } from 'react';
import { serverNow } from '../../../desk/clock.js';
import { errorWords } from '../../../i18n/error-words.js';
import { compared, type Filter } from '../../../state/admin/workflow.js';
import { type Formats, secondsOf } from '../../../lib/format.js';
import { useDesk, useStore } from '../../../ui/hooks.js';
import { Icon } from '../../../ui/icons.js';
import { Failure, Skeleton } from '../../../ui/parts.js';
import { type AdminWord, useAdminWords } from '../words.js';

const DAYS = [7, 14, 31] as const;
const DAY_MS = 86_400_000;
const PATIENCE_MS = 120_000;
type Outcome = routing.DryRunOutcome;

interface Row {
  readonly word: AdminWord;
  readonly of: (outcome: Outcome) => number | undefined;
  readonly show: (value: number | undefined, formats: Formats) => string;
  readonly less: boolean;
}
const count = (value: number | undefined, formats: Formats): string => formats.number(value ?? 0);
const share = (value: number | undefined, formats: Formats): string => formats.percent(value);
const ROWS: readonly Row[] = [
  { word: 'dryAnswered', of: ({ answered = 0 }) => answered, show: count, less: false },
  { word: 'dryAbandoned', of: ({ abandoned = 0 }) => abandoned, show: count, less: true },
  { word: 'dryMessages', of: ({ messageTaken = 0 }) => messageTaken, show: count, less: true },
  { word: 'dryWaitMean', of: ({ waitMean }) => waitMean, show: secondsOf, less: true },
  { word: 'dryWaitP90', of: ({ waitP90 }) => waitP90, show: secondsOf, less: true },
  { word: 'dryServiceLevel', of: ({ serviceLevel }) => serviceLevel, show: share, less: false },
  { word: 'dryAbandonRate', of: ({ abandonRate }) => abandonRate, show: share, less: true },
];

/** Plays recorded arrivals through what is in force and through what is being edited, and compares what became of them. */
export const DryRun = ({ filters }: { filters: readonly Filter[] }): ReactElement => {
  const { connection } = useDesk();
  const { t, formats } = useAdminWords();
  const [days, setDays] = useState<number>(7);
  const [state, setState] = useState<'idle' | 'running'>('idle');
  const [result, setResult] = useState<routing.DryRunWorkflowResponse>();
  const [refused, setRefused] = useState('');
  const run = async (): Promise<void> => {
    setState('running');
    setRefused('');
    try {
      const now = serverNow();
      const request = {
        workflow: { filters: [...filters] },
        from: new Date(now - days * DAY_MS).toISOString(),
        to: new Date(now).toISOString(),
      };
      setResult(
        await connection.call('parley.routing.v1.RoutingService/DryRunWorkflow', request, {
          timeoutMs: PATIENCE_MS,
        }),
      );
    } catch (error) {
      setRefused(errorWords(error, t));
    } finally {
      setState('idle');
    }
  };
  return (
    <section className="dry-run" aria-label={t('tabDryRun')}>
      <p className="quiet">{t('dryRunLead')}</p>
      <div className="dry-run-bar">
        <div className="segments" role="group" aria-label={t('recordedIn')}>
          {DAYS.map((option) => (
            <button key={option} type="button" aria-pressed={option === days} onClick={() => setDays(option)}>
              {t('lastDays', { count: option })}
            </button>
          ))}
        </div>
        <button
          type="button"
          className="button primary"
          disabled={state === 'running'}
          onClick={() => void run()}
        >
          {t(state === 'running' ? 'running' : 'runDry')}
        </button>
      </div>
      {refused && (
        <Failure title={t('dryRunFailed')} message={refused} retry={t('tryAgain')} again={() => void run()} />
      )}
      {state === 'running' && <Skeleton lines={7} />}
      {state === 'idle' && result && (
        <div role="status">
          <p className="dry-run-count">
            {t('arrivals', { count: result.arrivals ?? 0, number: formats.number(result.arrivals ?? 0) })}
          </p>
          {(result.unsure ?? 0) > 0 && (
            <p className="dry-run-unsure">
              <Icon name="alert" size={13} />{' '}
              {t('unsure', { count: result.unsure ?? 0, number: formats.number(result.unsure ?? 0) })}
            </p>
          )}
          {(result.arrivals ?? 0) > 0 && <Comparison result={result} />}
        </div>
      )}
    </section>
  );
};

const Comparison = ({ result }: { result: routing.DryRunWorkflowResponse }): ReactElement => {
  const { queues } = useDesk();
  const { t, formats } = useAdminWords();
  const known = useStore(queues);
  const { published = {}, candidate = {}, differences = [] } = result;
  const queueOf = (id = ''): string => known.get(id)?.queue?.name ?? (id || t('noQueue'));
  const ids = [
    ...new Set([...Object.keys(published.byQueue ?? {}), ...Object.keys(candidate.byQueue ?? {})]),
  ];
  return (
    <>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t('comparison')}>
        <table className="compare">
          <thead>
            <tr>
              <th scope="col">{t('figure')}</th>
              <th scope="col" className="number">
                {t('publishedWord')}
              </th>
              <th scope="col" className="number">
                {t('draftWord')}
              </th>
              <th scope="col">{t('change')}</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.map(({ word, of, show, less }) => {
              const { better, ...values } = compared(of(published), of(candidate), less);
              return (
                <tr key={word}>
                  <th scope="row">{t(word)}</th>
                  <td className="number">{show(values.published, formats)}</td>
                  <td className="number">{show(values.candidate, formats)}</td>
                  <td>
                    {better !== undefined && (
                      <span className={better ? 'tag tag-ok' : 'tag tag-danger'}>
                        <Icon name={better ? 'check' : 'alert'} size={12} /> {t(better ? 'better' : 'worse')}
                      </span>
                    )}
                  </td>
                </tr>
              );
            })}
            {ids.map((id) => (
              <tr key={id}>
                <th scope="row">{t('chatsTo', { queue: queueOf(id) })}</th>
                <td className="number">{formats.number(published.byQueue?.[id] ?? 0)}</td>
                <td className="number">{formats.number(candidate.byQueue?.[id] ?? 0)}</td>
                <td />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {differences.length > 0 && (
        <details className="differences">
          <summary>{t('differences', { count: differences.length })}</summary>
          <ul>
            {differences.map((one) => (
              <li key={one.conversationId}>
                <a className="link" href={`/desk/search/${encodeURIComponent(one.conversationId ?? '')}`}>
                  {t('aChat')}
                </a>{' '}
                {queueOf(one.publishedQueueId)} → {queueOf(one.candidateQueueId)}
                {one.candidateFilter && <span className="quiet"> ({one.candidateFilter})</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
};
