import { createSealer, type Sealer } from '@parley/service';

/** Encrypts the secrets of webhooks for their documents; `secrets` as in PARLEY_SECRET, newest first. */
export const documentSealer = (secrets: readonly string[]): Sealer =>
  createSealer(secrets, 'parley/notification/documents');
