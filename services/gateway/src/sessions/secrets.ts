import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Keys made from the platform's secret. Several secrets may be in force: the first makes, all of them open. */
export interface Secrets {
  /** HMAC keys for tokens, newest first. */
  readonly tokenKeys: readonly Uint8Array[];
  /** Encrypts a secret for a document (AES-256-GCM): `<key id>.<base64url>`. */
  seal(text: string): string;
  /** The text again; throws when no key in force made it. */
  open(sealed: string): string;
}

/** `secrets`: at least one, 16 characters or more each; to rotate, put the new one first and keep the old. */
export const makeSecrets = (secrets: readonly string[]): Secrets => {
  const tokenKeys = secrets.map((secret) => derive(secret, 'parley/tokens'));
  const sealing = secrets.map((secret) => {
    const key = derive(secret, 'parley/documents');
    return { key, id: createHash('sha256').update(key).digest('base64url').slice(0, 8) };
  });
  const [newest] = sealing;
  if (!newest) throw new Error('PARLEY_SECRET is empty: give it at least one secret');
  return {
    tokenKeys,
    seal: (text) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', newest.key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${newest.id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open: (sealed) => {
      const [id, data = ''] = sealed.split('.');
      const key = sealing.find((candidate) => candidate.id === id)?.key;
      if (!key) throw new Error('a sealed secret was made with a key that is not in PARLEY_SECRET any more');
      const bytes = Buffer.from(data, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
};

const derive = (secret: string, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));
