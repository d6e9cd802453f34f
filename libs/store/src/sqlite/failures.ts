import { alreadyExists, unavailable } from '@parley/kernel';
import { StoreError } from '../errors.js';

/** Primary result codes of SQLite (the low byte of an extended code). */
const Code = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
};

// By shape, not by instanceof: an error made inside Node need not be of this realm's Error.
const codeOf = (error: unknown): number | undefined => {
  const code = propertyOf(error, 'errcode');
  return typeof code === 'number' ? code & 0xff : undefined;
};

/** A property of whatever was thrown. */
export const propertyOf = (error: unknown, name: 'errcode' | 'code' | 'message'): unknown =>
  typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;

/** Whether another connection held a lock for longer than the busy timeout; the same call may succeed later. */
export const isBusy = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === Code.busy || code === Code.locked;
};

/** What callers get for an error of SQLite: an ApiError when they can act on it, a StoreError when an operator must. */
export const explain = (error: unknown, file: string): unknown => {
  const code = codeOf(error);
  if (code === undefined) return error;
  const text = String(propertyOf(error, 'message'));
  const because = (reason: StoreError['reason'], advice: string): StoreError =>
    new StoreError(reason, `${file}: ${text}; ${advice}`, { cause: error });
  switch (code) {
    case Code.busy:
    case Code.locked:
      return unavailable('STORE_BUSY', 'the store is busy; try again', { retryAfterMs: 1000 });
    case Code.constraint:
      return alreadyExists('DUPLICATE', 'another document has the same unique value; choose another one');
    case Code.corrupt:
    case Code.notADatabase:
      return because('CORRUPT', 'the file is damaged: stop the service, move it away and restore a backup');
    case Code.readOnly:
    case Code.cannotOpen:
      return because(
        'NOT_WRITABLE',
        'make the file and its folder writable for the user the service runs as',
      );
    case Code.full:
      return because('FULL', 'the disk is full: free some space');
    case Code.io:
      return because('FAILED', 'reading or writing the disk failed: check the disk and its free space');
    default:
      return because('FAILED', 'this is a defect of Parley: please report it');
  }
};
