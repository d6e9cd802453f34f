import { describe, expect, it } from '@jest/globals';
import { remoteFor } from './remote.js';

const peer = '10.0.0.7';

describe('the address that limits count by', () => {
  it('is the other end of the connection, whatever a header says', () => {
    expect(remoteFor(false)({ peer, forwarded: '192.0.2.1' })).toBe(peer);
  });

  it('is what a trusted proxy has added, not what stood there before', () => {
    const behindProxy = remoteFor(true);
    expect(behindProxy({ peer, forwarded: '198.51.100.9, 192.0.2.1' })).toBe('192.0.2.1');
    expect(behindProxy({ peer, forwarded: undefined })).toBe(peer);
    expect(behindProxy({ peer, forwarded: ' ' })).toBe(peer);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::a]', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
  ])('of %s is %s', (address, network) => {
    expect(remoteFor(false)({ peer: address, forwarded: undefined })).toBe(network);
  });
});
