import { aborted } from '@parley/kernel';
import type { Refusal } from './decision.js';

/** True when a change was made on top of another version than the one there is; 0 expects nothing. */
export const isStale = (expected: number, version: number): boolean => expected !== 0 && expected !== version;

/** The refusal of such a change. */
export const changedMeanwhile = (what: string, version: number, field = 'expectedVersion'): Refusal =>
  aborted(
    'VERSION_CONFLICT',
    `${field}: the ${what} has version ${version} by now; read it again and repeat the change on top of it.`,
  );
