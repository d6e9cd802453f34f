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

/** Does something in a browser with these locks. */
const withLocks = async <T>(locks: object, work: () => Promise<T>): Promise<T> => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
  try {
    return await work();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
  }
};

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

  it('is worked on although the browser refuses locks, once', async () => {
    const refused = { request: () => Promise.reject(new Error('SecurityError')) };
    const worked: string[] = [];
    await withLocks(refused, () => openKeep('acme').exclusively('visit', async () => worked.push('refused')));
    const granted = { request: (_name: string, work: () => Promise<unknown>) => work() };
    const failing = async (): Promise<void> => {
      worked.push('failed');
      throw new Error('of the work itself');
    };
    const failed = withLocks(granted, () => openKeep('acme').exclusively('visit', failing));
    await expect(failed).rejects.toThrow('of the work itself');
    expect(worked).toEqual(['refused', 'failed']);
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
