// The whole story in real browsers on real services: `npm run test:e2e`; `-- --only TEXT` plays the scenes whose name
// contains TEXT and what they need. Pictures go to test-results/screenshots.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { scenesOf } from './chapters.js';
import { Desk } from './desk.js';
import { Look, pictureFolder } from './look.js';
import { putDefaultQueue } from './people.js';
import { Shop } from './shop.js';
import type { Story } from './story.js';
import { openWorld, type World } from './world.js';

const WIDE = { viewport: { width: 1440, height: 900 } };
const SHOP = { viewport: { width: 1280, height: 800 } };
const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const SCENES = scenesOf(only);
if (SCENES.length === 0) {
  console.error(`No scene has "${only}" in its name: see e2e/scenes.`);
  process.exit(1);
}

let passed = 0;
let failed = 0;
const report = (name: string, problems: readonly string[], seconds?: number): void => {
  if (problems.length === 0) passed++;
  else failed++;
  const time = seconds === undefined ? '' : ` (${seconds.toFixed(1)} s)`;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}${time}`);
  for (const problem of problems) console.log(`  ${problem}`);
};

const keepPictures = async (world: World, name: string): Promise<void> => {
  for (const [index, page] of world.pages().entries()) await Look.keep(page, `${name}-${index + 1}`);
};

/** Plays the scenes one after the other; each needs what the one before has left, so the first failure ends it. */
const play = async (story: Story): Promise<void> => {
  for (const [index, scene] of SCENES.entries()) {
    const startedAt = Date.now();
    try {
      await scene.play(story);
      report(scene.name, [], (Date.now() - startedAt) / 1000);
    } catch (error) {
      report(scene.name, [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
      await keepPictures(story.world, `scene-${index + 1}`);
      for (const { name } of SCENES.slice(index + 1)) report(name, ['not reached']);
      return;
    }
  }
};

rmSync(pictureFolder, { recursive: true, force: true });
const world = await openWorld().catch((error: Error) => {
  console.error(error.message);
  console.log('\n0 passed, 1 failed');
  process.exit(1);
});
try {
  const look = new Look();
  await putDefaultQueue(world, {});
  const desk = async (): Promise<Desk> => new Desk(await world.open(WIDE), world.deskNetwork.origin);
  const visitor = new Shop(await world.open(SHOP), world.shopNetwork.origin);
  await play({ world, look, visitor, anna: await desk(), sam: await desk() });
  report('axe finds nothing serious, in light and dark', look.problems);
  report('no page threw and no service ended', world.mishaps);
} finally {
  await world.close();
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
