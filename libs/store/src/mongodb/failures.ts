import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { alreadyExists, unavailable } from '@parley/kernel';
import { StoreError } from '../errors.js';

const DUPLICATE_KEY = 11000;

/**
 * Whether the id or another unique value was taken. FerretDB answers an update so with its own database's text
 * instead of the code.
 */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof MongoServerError &&
  (error.code === DUPLICATE_KEY || error.message.includes('UNIQUE constraint failed'));

/**
 * Which of a bulk's operations failed for a taken id or unique value, as a test of their positions; throws when
 * any failed for another reason.
 */
export const duplicatesOf = (error: unknown): ((position: number) => boolean) => {
  const failed = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
  // A bulk that failed without an operation to blame (write concern, say) is not known to be written.
  if (failed.length === 0 && isDuplicate(error)) return () => true;
  if (failed.length === 0 || failed.some(({ code }) => code !== DUPLICATE_KEY)) throw explain(error);
  const positions = new Set(failed.map(({ index }) => index));
  return (position) => positions.has(position);
};

export const duplicate = (): Error =>
  alreadyExists('DUPLICATE', 'another document has the same unique value; choose another one');

/** What callers get for an error of the driver; the driver has retried what is transient by then. */
export const explain = (error: unknown): unknown => {
  if (!(error instanceof MongoError)) return error;
  if (isDuplicate(error)) return duplicate();
  if (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error.hasErrorLabel('RetryableWriteError')
  ) {
    return unavailable('STORE_UNREACHABLE', 'the store does not answer; try again', { retryAfterMs: 1000 });
  }
  return new StoreError('FAILED', `MongoDB: ${error.message}`, { cause: error });
};
