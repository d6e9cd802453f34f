import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ManualClock } from '@parley/kernel';
import { openStore, type Store } from '@parley/store';
import { openTenantStore } from '../tenants/store.js';
import { makeSecrets } from './secrets.js';
import { Sessions } from './sessions.js';
import { openSessionStore } from './store.js';

const DAY = 86_400_000;
let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-sessions-'));
  store = await openStore({ name: 'gateway', durability: 'record', folder });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

it('keeps a visitor session ended for as long as any of its tokens would last', async () => {
  const clock = new ManualClock();
  const sessions = new Sessions(
    await openSessionStore(store),
    await openTenantStore(store),
    makeSecrets(['a secret of sixteen characters']),
    clock,
  );
  const first = await sessions.authenticate(await sessions.visitorToken('acme', 'v-1'));
  clock.advance(100 * DAY);
  const renewed = await sessions.visitorToken('acme', 'v-1', first.sessionId);
  await sessions.end(first);
  // The first token's end is over, the renewed one's is not.
  clock.advance(100 * DAY);
  await sessions.sweep();
  await expect(sessions.authenticate(renewed)).rejects.toMatchObject({
    details: { reason: 'SESSION_ENDED' },
  });
});
