import { describe, expect, it } from '@jest/globals';
import { checkHost, isPublicAddress, publicLookup } from './addresses.js';

describe('addresses', () => {
  it.each(['8.8.8.8', '1.1.1.1', '93.184.216.34', '2606:4700::1111', '2a00:1450:4001:800::200e'])(
    'reaches %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'example.com',
    '',
  ])('refuses %j', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['http://127.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://[::ffff:7f00:1]/', 'http://0/'])(
    'refuses %s, however it is written',
    (url) => expect(() => checkHost(new URL(url))).toThrow('not a public address'),
  );

  it('refuses names that lead to what is not public', async () => {
    const error = await new Promise((resolve) => publicLookup('localhost', { all: true }, resolve));
    expect(error).toMatchObject({ name: 'RefusedAddressError' });
  });
});
