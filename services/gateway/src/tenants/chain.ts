import { createHash } from 'node:crypto';
import { gateway } from '@parley/contracts';
import type { Seal } from './domain.js';

/** The hash that chains a fact to the log: SHA-256 over the previous hash and the event's encoding without a hash. */
export const sealFact: Seal = (previousHash, fact) =>
  createHash('sha256')
    .update(previousHash)
    .update(gateway.TenantEvent.encode({ hash: Buffer.alloc(0), event: fact }).finish())
    .digest();

/** True when every event's hash follows from the one before; `previous` is the hash before the first of them. */
export const chainIntact = (events: readonly gateway.TenantEvent[], previous: Uint8Array): boolean => {
  let last = previous;
  for (const event of events) {
    if (!event.event || !Buffer.from(event.hash).equals(sealFact(last, event.event))) return false;
    last = event.hash;
  }
  return true;
};
