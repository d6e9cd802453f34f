import { useState } from 'preact/hooks';
import { type Availability, weekOf } from '../availability.js';
import { useSurroundings } from './shared.js';

/** The opening hours of the next seven days in the visitor's zone, folded; nothing without a schedule. */
export const Hours = ({ availability }: { availability: Availability }) => {
  const { language } = useSurroundings();
  const { say } = language;
  const [now] = useState(() => Date.now());
  if (!availability.timeZone) return null;
  const foreign = availability.timeZone !== Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <details class="hours">
      <summary>{say('hours')}</summary>
      <dl>
        {weekOf(availability, now).map(({ at, name, periods }) => (
          <div key={at}>
            <dt>{language.weekday(at)}</dt>
            {periods.map(({ from, to }) => (
              <dd key={from}>{language.times(from, to)}</dd>
            ))}
            {periods.length === 0 && (
              <dd class="is-closed">{name ? `${say('closedDay')} · ${name}` : say('closedDay')}</dd>
            )}
            {periods.length > 0 && name && <dd class="is-closed">{name}</dd>}
          </div>
        ))}
      </dl>
      {foreign && <p>{say('hoursZone')}</p>}
    </details>
  );
};
