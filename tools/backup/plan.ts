import type { Place } from '@parley/store';

/** The databases of the services. */
export const DATABASES = [
  'gateway',
  'conversation',
  'conversation-inbox',
  'routing',
  'presence',
  'transcript',
  'analytics',
  'notification',
] as const;

/**
 * Documents that do not follow from a log but are named by one: read after the logs, so that nothing that stands in
 * them names what is missing here. All others follow from a log, and must not be further than it.
 */
const isRecord = ({ database, collection }: Place): boolean =>
  database === 'gateway' ||
  database === 'presence' ||
  (database === 'conversation' && collection === 'contacts') ||
  (database === 'transcript' && collection === 'retention') ||
  (database === 'notification' && collection === 'endpoints');

/** Wake-ups are stored before the commit that needs them and go when it is over: read before and after, nothing lacks. */
export const isTimer = ({ collection }: Place): boolean => collection.startsWith('timers_');

/** How far consumers are must not be newer than what they made of it. */
const PROGRESS = ['log_checkpoints', 'steps_heads', 'done', 'definitions'];

export const placesBeforeLog = (all: readonly Place[]): Place[] => {
  const places = all.filter((place) => !isRecord(place));
  const progress = places.filter(({ collection }) => PROGRESS.includes(collection));
  const others = places.filter(({ collection }) => !PROGRESS.includes(collection));
  // Parts of a snapshot of routing, then the document that names them, then those that were replaced meanwhile.
  return [...progress, ...others, ...others.filter(({ collection }) => collection === 'snapshots')];
};

export const placesAfterLog = (all: readonly Place[]): Place[] =>
  all.filter((place) => isRecord(place) || isTimer(place));
