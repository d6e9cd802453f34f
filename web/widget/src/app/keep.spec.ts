import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openKeep } from './keep.js';

/** A browser's storage that can be full. */
class Shelf {
  full = false;
  setItem(key: string, text: string): void {
    if (this.full) throw new Error('QuotaExceededError');
    Object.assign(this, { [key]: text });
  }
  getItem(key: string): string | null {
    return (this as unknown as Record<string, string>)[key] ?? null;
  }
  removeItem(key: string): void {
    delete (this as unknown as Record<string, string>)[key];
  }
}

const world = globalThis as { window?: unknown };
let shelf: Shelf | undefined;

beforeEach(() => {
  shelf = new Shelf();
  world.window = {
    get localStorage() {
      if (!shelf) throw new Error('SecurityError');
      return shelf;
    },
  };
});
afterEach(() => void delete world.window);

describe('what the frame remembers', () => {
  it('is forgotten by every tab when one of them clears it', () => {
    const [one, other] = [openKeep('acme'), openKeep('acme')];
    one.set('visit', { token: 't' });
    other.clear();
    expect(one.get('visit')).toBeUndefined();
  });

  it('is of one tenant', () => {
    const [acme, globex] = [openKeep('acme'), openKeep('globex')];
    acme.set('visit', 1);
    globex.set('visit', 2);
    globex.clear();
    expect([acme.get('visit'), globex.get('visit')]).toEqual([1, undefined]);
  });

  it('is kept in memory where the browser forbids storage, or has no room', () => {
    const keep = openKeep('acme');
    keep.set('sound', true);
    if (shelf) shelf.full = true;
    keep.set('sound', false);
    expect(keep.get('sound')).toBe(false);
    shelf = undefined;
    keep.set('visit', 3);
    expect([keep.get('sound'), keep.get('visit')]).toEqual([false, 3]);
    keep.clear();
    expect(keep.get('visit')).toBeUndefined();
  });
});
