import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { connectBus } from './connect.js';
import { openKv } from './kv.js';
import type { Bus } from './types.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value);

describe('openKv', () => {
  let nats: TestNats;
  let bus: Bus;
  beforeAll(async () => {
    nats = await startNats();
    bus = await connectBus({ url: nats.url, name: 'kv' });
  });
  afterAll(async () => {
    await bus.drain();
    await nats.stop();
  });

  it('keeps the last value of each key', async () => {
    const kv = await openKv(bus, { bucket: 'plain' });
    expect(await kv.entries()).toEqual([]);
    await kv.put('a', bytes('1'));
    const revision = await kv.put('a', bytes('2'));
    await kv.put('b', bytes('3'));
    await kv.delete('b');
    expect(await kv.get('a')).toMatchObject({ key: 'a', revision });
    expect(text((await kv.get('a'))?.value)).toBe('2');
    expect(await kv.get('b')).toBeUndefined();
    expect(await kv.get('never')).toBeUndefined();
    expect(await kv.keys()).toEqual(['a']);
  });

  it('tells a watcher what is there, what comes and what is deleted', async () => {
    const kv = await openKv(bus, { bucket: 'watched', ttlMs: 60_000 });
    await kv.put('old', bytes('1'));
    const seen: (readonly [string, string | undefined])[] = [];
    const watch = await kv.watch((key, value) => seen.push([key, text(value)]));
    expect(seen).toEqual([['old', '1']]);
    await kv.put('new', bytes('2'));
    await kv.delete('old');
    await eventually(() => seen.length === 3);
    expect(seen.slice(1)).toEqual([
      ['new', '2'],
      ['old', undefined],
    ]);
    watch.stop();
  });

  it('lets a lease vanish that is not renewed, and keeps one that is', async () => {
    const kv = await openKv(bus, { bucket: 'leases', ttlMs: 5_000 });
    const gone: string[] = [];
    const watch = await kv.watch((key, value) => {
      if (!value) gone.push(key);
    });
    await kv.put('dies', bytes('x'));
    const renewal = setInterval(() => void kv.put('lives', bytes('x')), 200);
    await kv.put('lives', bytes('x'));
    await eventually(() => gone.includes('dies'), { timeoutMs: 30_000 });
    expect(gone).toEqual(['dies']);
    expect(await kv.keys()).toEqual(['lives']);
    clearInterval(renewal);
    watch.stop();
  });

  it('comes back after the server lost a bucket of leases, without telling that everybody left', async () => {
    const kv = await openKv(bus, { bucket: 'lost', ttlMs: 4_000 });
    const seen: (readonly [string, string | undefined])[] = [];
    const watch = await kv.watch((key, value) => seen.push([key, text(value)]));
    await kv.put('me', bytes('1'));
    await eventually(() => seen.length === 1);
    await nats.kill();
    await eventually(() => !bus.connected);
    await nats.restart();
    await eventually(() => bus.connected);
    expect(await kv.get('me')).toBeUndefined();
    await eventually(() => kv.put('me', bytes('2')));
    await eventually(() => seen.length > 1);
    expect(seen).toEqual([
      ['me', '1'],
      ['me', '2'],
    ]);
    watch.stop();
  });
});
