/** What the frame remembers of a visitor, in the storage of the gateway's origin; shared by all tabs. */
export interface Visit {
  readonly token: string;
  readonly contactId: string;
  /** The last conversation, open or closed. Stored here by earlier releases, beside it now. */
  readonly conversationId?: string;
}

/** Named values that survive reloads; in memory where the browser forbids storage. */
export interface Keep {
  get<T>(name: string): T | undefined;
  set(name: string, value: unknown): void;
  /** Forgets everything of this tenant. */
  clear(): void;
  /** Called when another tab changed a value. Returns a function that stops it. */
  onChange(listener: (name: string) => void): () => void;
  /** Runs `work` while no other tab runs work of that name. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** The values of one tenant. */
export const openKeep = (tenant: string): Keep => {
  const prefix = `parley.${tenant}.`;
  /** What could not be stored; nothing else, or this tab would still know what another one has cleared. */
  const memory = new Map<string, string>();
  const storage = (): Storage | undefined => {
    try {
      return window.localStorage;
    } catch {
      return undefined;
    }
  };
  return {
    get: <T>(name: string) => {
      const text = memory.get(name) ?? storage()?.getItem(prefix + name);
      try {
        return text ? (JSON.parse(text) as T) : undefined;
      } catch {
        return undefined;
      }
    },
    set: (name, value) => {
      const text = JSON.stringify(value);
      const all = storage();
      try {
        if (!all) throw new Error('storage is forbidden');
        all.setItem(prefix + name, text);
        memory.delete(name);
      } catch {
        // Forbidden or full: a copy in memory has to do.
        memory.set(name, text);
      }
    },
    clear: () => {
      memory.clear();
      const all = storage();
      for (const key of Object.keys(all ?? {})) if (key.startsWith(prefix)) all?.removeItem(key);
    },
    onChange: (listener) => {
      const heard = ({ key }: StorageEvent): void => {
        if (key?.startsWith(prefix)) listener(key.slice(prefix.length));
      };
      addEventListener('storage', heard);
      return () => removeEventListener('storage', heard);
    },
    exclusively: async (name, work) => {
      let begun = false;
      const begin = (): ReturnType<typeof work> => {
        begun = true;
        return work();
      };
      if (!('locks' in navigator)) return begin();
      try {
        return await navigator.locks.request(prefix + name, begin);
      } catch (error) {
        if (begun) throw error;
        // A browser that forbids a frame of another site to store anything refuses locks as well: no tab shares
        // anything with another one then.
        return begin();
      }
    },
  };
};
