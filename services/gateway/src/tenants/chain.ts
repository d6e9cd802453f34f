import { createHash } from 'node:crypto';
import { gateway } from '@parley/contracts';
import type { Seal } from './domain.js';

const HASH_BYTES = 32;
/** How an encoded event begins: the tag of its first field, the hash, and its length. */
const BEGIN = Buffer.from([0x0a, HASH_BYTES]);

const digest = (previousHash: Uint8Array, encoded: Uint8Array): Buffer =>
  createHash('sha256').update(previousHash).update(encoded).digest();

/** The hash that chains a fact to the log: SHA-256 over the previous hash and the event's encoding without a hash. */
export const sealFact: Seal = (previousHash, fact) =>
  digest(previousHash, gateway.TenantEvent.encode({ hash: Buffer.alloc(0), event: fact }).finish());

/**
 * True when every event's hash follows from the one before; `previous` is the hash before the first of them. Takes the
 * events as they are stored: encoded anew they would lack what only another release knows of them.
 */
export const chainIntact = (stored: readonly Uint8Array[], previous: Uint8Array): boolean => {
  let last = previous;
  for (const bytes of stored) {
    const hash = bytes.subarray(BEGIN.length, BEGIN.length + HASH_BYTES);
    const encoded = bytes.subarray(BEGIN.length + HASH_BYTES);
    if (!BEGIN.equals(bytes.subarray(0, BEGIN.length)) || !digest(last, encoded).equals(hash)) return false;
    last = hash;
  }
  return true;
};
