import { invalidArgument } from '@parley/kernel';
import type { Scalar } from './types.js';

/** Where a page ended: the sort value and the id of its last document. */
export interface Position {
  readonly value: Scalar;
  readonly id: string;
}

/**
 * Opaque text for a position. `scope` names the list it belongs to (collection, field, direction), so that a
 * cursor of another list is refused rather than misread.
 */
export const encodeCursor = (scope: string, { value, id }: Position): string =>
  Buffer.from(JSON.stringify([scope, value, id])).toString('base64url');

/** The position in a cursor that `encodeCursor` made for the same scope; otherwise throws invalidArgument. */
export const decodeCursor = (scope: string, cursor: string): Position => {
  const parts = parse(cursor);
  if (Array.isArray(parts) && parts.length === 3) {
    const [itsScope, value, id] = parts as readonly unknown[];
    if (itsScope === scope && isScalar(value) && typeof id === 'string') return { value, id };
  }
  throw invalidArgument('cursor', 'is not of this list; leave it out to start at the first page');
};

export const isScalar = (value: unknown): value is Scalar =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value));

const parse = (cursor: unknown): unknown => {
  if (typeof cursor !== 'string') return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};
