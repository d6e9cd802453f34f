import { isIPv6 } from 'node:net';

/** Who calls, as far as limits are concerned: of the connection, and what a proxy says of it. */
export interface Origin {
  /** Address of the other end of the connection. */
  readonly peer: string;
  /** The x-forwarded-for header. */
  readonly forwarded: string | undefined;
}

/**
 * The address that limits count by. Behind a trusted proxy it is the last entry of x-forwarded-for: the one that the proxy
 * added; what stands before it anybody may have written. Of IPv6 it is the first 64 bits, as whoever has one address there
 * has all of them.
 */
export const remoteFor =
  (trustProxy: boolean) =>
  ({ peer, forwarded = '' }: Origin): string =>
    networkOf((trustProxy && forwarded.split(',').at(-1)?.trim()) || peer);

const networkOf = (address: string): string => {
  const plain = address.replace(/^\[(.*)\]$/, '$1');
  if (!isIPv6(plain)) return plain;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain);
  if (mapped) return mapped[1]!;
  const [head = '', tail] = plain.split('%')[0]!.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
};
