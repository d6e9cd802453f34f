/** Where an outbox keeps what was not sent yet. One entry a message, so that tabs do not overwrite each other. */
export interface OutboxStorage {
  /** Values of all keys with this prefix, in the order of their keys. */
  list(prefix: string): string[];
  set(key: string, value: string): void;
  remove(key: string): void;
  /** Runs `work` while no other tab runs work of that name. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Keeps nothing beyond the life of the page or process. */
export const memoryStorage = (): OutboxStorage => {
  const values = new Map<string, string>();
  return {
    list: (prefix) =>
      [...values]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, value]) => value),
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
    exclusively: (_name, work) => work(),
  };
};

interface WebStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Survives reloads and is shared by tabs. In memory only where the browser forbids storage or it is full. */
export const browserStorage = (): OutboxStorage => {
  const memory = memoryStorage();
  const scope = globalThis as unknown as { localStorage?: WebStorage; navigator?: { locks?: Locks } };
  let storage: WebStorage;
  try {
    if (!scope.localStorage) return memory;
    storage = scope.localStorage;
    storage.getItem('');
  } catch {
    return memory;
  }
  const locks = scope.navigator?.locks;
  return {
    list: (prefix) => {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
      const stored = keys.filter((key) => key.startsWith(prefix)).sort();
      return [...stored.map((key) => storage.getItem(key) ?? ''), ...memory.list(prefix)].filter(Boolean);
    },
    set: (key, value) => {
      try {
        storage.setItem(key, value);
      } catch {
        memory.set(key, value);
      }
    },
    remove: (key) => {
      memory.remove(key);
      storage.removeItem(key);
    },
    exclusively: (name, work) => (locks ? locks.request(name, work) : work()),
  };
};
