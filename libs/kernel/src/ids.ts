/** What may stand in an id or a tenant name. A `*`, `>` or `.` in a NATS subject would reach other people's data. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

export const isId = (value: unknown): value is string => typeof value === 'string' && ID_PATTERN.test(value);

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 26 characters that sort by time: 10 of milliseconds, 16 of randomness (the layout of ULID, in lower case). */
export const newUlid = (nowMs: number, random: (bytes: Uint8Array) => Uint8Array = cryptoRandom): string => {
  let time = '';
  for (let rest = Math.floor(nowMs), i = 0; i < 10; i++) {
    time = ALPHABET[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  let tail = '';
  for (const byte of random(new Uint8Array(16))) tail += ALPHABET[byte & 31];
  return time + tail;
};

const cryptoRandom = (bytes: Uint8Array): Uint8Array =>
  (
    globalThis as unknown as { crypto: { getRandomValues(b: Uint8Array): Uint8Array } }
  ).crypto.getRandomValues(bytes);

/**
 * An aggregate's id carries its partition: `<partition>-<ulid>`, chosen when the id is made, so that the number
 * of partitions may grow without moving anything.
 */
export const newAggregateId = (partition: number, nowMs: number): string => `${partition}-${newUlid(nowMs)}`;

/** The partition an aggregate id carries, or undefined when it carries none. */
export const partitionOf = (id: string): number | undefined => {
  const match = /^(\d{1,4})-[A-Za-z0-9_-]+$/.exec(id);
  return match ? Number(match[1]) : undefined;
};

/** FNV-1a, 32 bits: a stable, well-spread number for a name (rendezvous hashing, partition of a tenant). */
export const hash32 = (text: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  // A final mix: FNV alone leaves neighbouring names ("a-1", "a-2") close together in the high bits.
  h ^= h >>> 16;
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
};
