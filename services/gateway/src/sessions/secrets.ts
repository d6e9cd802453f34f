import { createSealer, deriveKey, type Sealer } from '@parley/service';

/** Keys made from the platform's secret. Several secrets may be in force: the first makes, all of them open. */
export interface Secrets extends Sealer {
  /** HMAC keys for tokens, newest first. */
  readonly tokenKeys: readonly Uint8Array[];
}

/** `secrets`: at least one, 16 characters or more each; to rotate, put the new one first and keep the old. */
export const makeSecrets = (secrets: readonly string[]): Secrets => ({
  tokenKeys: secrets.map((secret) => deriveKey(secret, 'parley/tokens')),
  ...createSealer(secrets, 'parley/documents'),
});
