import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startNats, type TestNats } from '@parley/testkit';
import { startGateway, type TestGateway } from '../testing/platform.js';

jest.setTimeout(60_000);

let nats: TestNats;
let gateway: TestGateway;
let webRoot: string;

const FILES: Record<string, string> = {
  'secret.txt': 'not for you',
  'widget/dist/index.html':
    '<!doctype html><script>start()</script><script src="/widget/assets/app-a1b2c3d4.js"></script>',
  'widget/dist/assets/app-a1b2c3d4.js': 'app()',
  'widget/dist/widget.js': 'loader()',
  'desk/dist/index.html': '<!doctype html><title>Desk</title>',
  'demo/dist/index.html': '<!doctype html><title>Shop</title>',
};

beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'parley-web-'));
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(webRoot, name)), { recursive: true });
    await writeFile(join(webRoot, name), content);
  }
  nats = await startNats();
  gateway = await startGateway({ natsUrl: nats.url, env: { PARLEY_WEB_ROOT: webRoot } });
});
afterAll(async () => {
  await gateway.stop();
  await nats.stop();
  await rm(webRoot, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}${path}`, { redirect: 'manual', headers });

describe('web files', () => {
  it('are served with type, tag and the right caching', async () => {
    const asset = await get('/widget/assets/app-a1b2c3d4.js');
    expect(await asset.text()).toBe('app()');
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
    const loader = await get('/widget.js');
    expect(loader.headers.get('cache-control')).toBe('no-cache');
    expect(loader.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const again = await get('/widget.js', { 'if-none-match': loader.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });

  it('may be framed on the pages of the tenant only', async () => {
    const ancestors = async (path: string) =>
      /frame-ancestors ([^;]*)/.exec((await get(path)).headers.get('content-security-policy') ?? '')?.[1];
    expect(await ancestors('/widget/?tenant=acme')).toBe("'self' https://shop.acme.example");
    expect(await ancestors('/widget/?tenant=nobody')).toBe("'self'");
    expect(await ancestors('/desk/')).toBe("'none'");
  });

  it('run their own scripts only, inline ones by hash', async () => {
    const policy = (await get('/widget/?tenant=acme')).headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self' 'sha256-[^']+';/);
    expect(policy).not.toContain('unsafe');
  });

  it('are found by views of the desk, and lead on from /', async () => {
    expect(await (await get('/desk/chats/7')).text()).toContain('Desk');
    expect((await get('/desk/assets/gone.js')).status).toBe(404);
    expect((await get('/')).headers.get('location')).toBe('/demo/');
    expect((await get('/desk')).headers.get('location')).toBe('/desk/');
  });

  it.each([
    '/widget/../../secret.txt',
    '/widget/..%2f..%2fsecret.txt',
    '//secret.txt',
    '/widget/%00',
    '/secret.txt',
  ])('do not lead to %s', async (path) => {
    // Sent by hand: fetch would tidy the path up first.
    const { port } = new URL(gateway.url);
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toContain('not for you');
  });
});
