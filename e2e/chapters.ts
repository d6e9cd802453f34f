import { account } from './scenes/account.js';
import { administration } from './scenes/administration.js';
import { aftermath } from './scenes/aftermath.js';
import { embedding } from './scenes/embedding.js';
import { ending } from './scenes/ending.js';
import { identity } from './scenes/identity.js';
import { journey } from './scenes/journey.js';
import { later } from './scenes/later.js';
import { limits } from './scenes/limits.js';
import { meeting } from './scenes/meeting.js';
import { teamwork } from './scenes/teamwork.js';
import { unreached } from './scenes/unreached.js';
import { visitors } from './scenes/visitors.js';
import { wall } from './scenes/wall.js';
import { widget } from './scenes/widget.js';
import { workspace } from './scenes/workspace.js';
import type { Scene, Story } from './story.js';

const CHAPTERS: readonly (readonly Scene[])[] = [
  meeting,
  journey,
  ending,
  aftermath,
  visitors,
  identity,
  widget,
  unreached,
  embedding,
  wall,
  teamwork,
  later,
  workspace,
  account,
  // Last, as it changes where chats go.
  administration,
  limits,
];

/** Chapters that need nothing of those before but the people at their desks. */
const ON_THEIR_OWN = new Set([identity, widget, unreached, embedding, account, limits]);

/** What stands for the chapters before one that is on its own. */
const atTheirDesks: Scene = {
  name: 'Anna and Sam log in',
  play: async ({ world, anna, sam }: Story) => {
    for (const [desk, userId] of [
      [anna, 'anna'],
      [sam, 'sam'],
    ] as const) {
      await desk.open();
      await desk.signIn(world.login(userId));
    }
  },
};

/**
 * The scenes of the story in their order; with `only`, those whose name contains it and the ones that they need: of
 * their chapter what comes before, and the chapters before unless theirs is on its own. Empty when no name does.
 */
export const scenesOf = (only = ''): readonly Scene[] => {
  const parts = CHAPTERS.map((chapter) => ({
    chapter,
    wanted: chapter.slice(0, chapter.findLastIndex(({ name }) => name.includes(only)) + 1),
  })).filter(({ wanted }) => wanted.length > 0);
  const last = parts.findLast(({ chapter }) => !ON_THEIR_OWN.has(chapter));
  if (!last) return parts.length === 0 ? [] : [atTheirDesks, ...parts.flatMap(({ wanted }) => wanted)];
  const before = CHAPTERS.slice(0, CHAPTERS.indexOf(last.chapter));
  const after = parts.slice(parts.indexOf(last));
  return [...before.flat(), ...after.flatMap(({ wanted }) => wanted)];
};
