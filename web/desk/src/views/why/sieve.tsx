import type { ReactElement } from 'react';
import type { SieveStep } from '../../state/why.js';
import type { Names } from './names.js';

/** What every rule did to the agents, from all to those who are left. */
export const Sieve = ({
  considered,
  steps,
  names: { words, rule },
}: {
  considered: number;
  steps: readonly SieveStep[];
  names: Names;
}): ReactElement => {
  const { t, formats } = words;
  return (
    <ol className="sieve">
      <li>
        <span>{t('considered', { count: considered })}</span>
        <span className="number">{formats.number(considered)}</span>
        <Bar share={1} />
      </li>
      {steps.map((step) => (
        <li key={step.rule}>
          <span>{rule(step.rule)}</span>
          <span className="number">−{formats.number(step.out)}</span>
          <Bar share={considered > 0 ? step.left / considered : 0} />
        </li>
      ))}
    </ol>
  );
};

const Bar = ({ share }: { share: number }): ReactElement => (
  <span className="sieve-bar" aria-hidden="true">
    <i style={{ inlineSize: `${Math.round(share * 100)}%` }} />
  </span>
);
