import type { ReactElement } from 'react';
import { type AdminWord, useAdminWords } from '../words.js';

const NAMES: readonly (readonly [string, AdminWord])[] = [
  ['page.url, page.title', 'celPage'],
  ['topic', 'celTopic'],
  ['language, locale', 'celLanguage'],
  ['channel', 'celChannel'],
  ['prechat.order', 'celPrechat'],
  ['contact.plan, contactVerified', 'celContact'],
  ['queue', 'celQueue'],
];
const IN_SKIP: readonly (readonly [string, AdminWord])[] = [
  ['queue.open', 'celOpen'],
  ['queue.waiting, queue.longestWaitSeconds', 'celWaiting'],
  ['queue.agentsAvailable, queue.freeCapacity', 'celAgents'],
];
const EXAMPLES = [
  'page.url.contains("/checkout")',
  'topic == "billing" || prechat.order != ""',
  'contact.plan in ["gold", "platinum"] && language == "de"',
];

/** What expressions may ask about. */
export const ExpressionHelp = (): ReactElement => {
  const { t } = useAdminWords();
  const list = (names: typeof NAMES): ReactElement => (
    <dl className="expression-names">
      {names.map(([name, words]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>{t(words)}</dd>
        </div>
      ))}
    </dl>
  );
  return (
    <details className="expression-help">
      <summary>{t('celTitle')}</summary>
      <p className="quiet">{t('celLead')}</p>
      {list(NAMES)}
      <p className="quiet">{t('celSkip')}</p>
      {list(IN_SKIP)}
      <p className="quiet">{t('celExamples')}</p>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example}>
            <code>{example}</code>
          </li>
        ))}
      </ul>
    </details>
  );
};
