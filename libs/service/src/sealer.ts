import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts secrets for documents. */
export interface Sealer {
  /** Encrypted (AES-256-GCM): `<key id>.<base64url>`. */
  seal(text: string): string;
  /** The text again; throws when no key in force made it, or when it was changed. */
  open(sealed: string): string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key of 32 bytes made from one of the platform's secrets; each purpose has its own. */
export const deriveKey = (secret: string, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));

/**
 * Seals under keys derived from PARLEY_SECRET for one purpose: the first secret seals, all of them open. Throws when
 * there is none.
 */
export const createSealer = (secrets: readonly string[], purpose: string): Sealer => {
  const keys = secrets.map((secret) => {
    const key = deriveKey(secret, purpose);
    return { key, id: createHash('sha256').update(key).digest('base64url').slice(0, 8) };
  });
  const [newest] = keys;
  if (!newest) throw new Error('PARLEY_SECRET is empty: set it to at least one secret');
  return {
    seal: (text) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', newest.key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${newest.id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open: (sealed) => {
      const [id, data = ''] = sealed.split('.');
      const key = keys.find((candidate) => candidate.id === id)?.key;
      if (!key)
        throw new Error(
          'sealed with a secret that is not in PARLEY_SECRET any more: add it behind the new one',
        );
      const bytes = Buffer.from(data, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
};
