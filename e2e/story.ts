import type { Desk } from './desk.js';
import type { Look } from './look.js';
import type { Shop } from './shop.js';
import type { World } from './world.js';

/** The people of the story and their browsers; a scene finds them as the scene before has left them. */
export interface Story {
  readonly world: World;
  readonly look: Look;
  readonly visitor: Shop;
  readonly anna: Desk;
  readonly sam: Desk;
}

export interface Scene {
  readonly name: string;
  play(story: Story): Promise<void>;
}

export const QUESTION = 'Hello! Does the Halden 38 fit as hand luggage?';
export const NOTE = 'Asked twice already, please be generous with the zebra voucher.';
export const EMAIL = 'mika@example.com';
