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

/** Whether all that failed in a bulk did for a taken id or unique value. */
export const onlyDuplicates = (error: unknown): boolean => {
  const failed = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
  // A bulk that failed without an operation to blame (write concern, say) is not known to be written.
  return failed.length > 0 && failed.every(({ code }) => code === DUPLICATE_KEY);
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
