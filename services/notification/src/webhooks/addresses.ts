import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, and the metadata services of clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Only 2000::/3 is public; of that, what carries an IPv4 address inside or is for documentation is not. */
const IPV6: readonly (readonly [string, number])[] = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

// One list a family: in a shared one an IPv4 address is compared with IPv6 rules too, as ::ffff:a.b.c.d.
const blocked4 = new BlockList();
for (const [net, prefix] of IPV4) blocked4.addSubnet(net, prefix, 'ipv4');
const blocked6 = new BlockList();
for (const [net, prefix] of IPV6) blocked6.addSubnet(net, prefix, 'ipv6');

/** False for loopback, private, link-local, metadata and all other addresses that are not of the public internet. */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address);
  if (family === 4) return !blocked4.check(address, 'ipv4');
  return family === 6 && !blocked6.check(address.replace(/%.*$/, ''), 'ipv6');
};

/** An address that webhooks must not reach. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';
}

/** Throws RefusedAddressError when the URL's host is itself an address that is not public; names are looked up later. */
export const checkHost = (url: URL): void => {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 && !isPublicAddress(host))
    throw new RefusedAddressError(`${host} is not a public address`);
};

/**
 * A lookup for sockets that fails when any address of the name is not public. The socket connects to what it returns,
 * so that a name cannot mean one address when it is checked and another when it is used.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    if (refused)
      return callback(
        // Whoever registers endpoints reads this: it must not tell them the addresses of names inside our network.
        new RefusedAddressError(`${hostname} leads to an address that is not public`),
        '',
      );
    if (options.all) return callback(null, addresses);
    const first = addresses[0];
    return callback(null, first?.address ?? '', first?.family);
  });
};
