import { ApiError, ErrorCode } from '@parley/kernel';
import { jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import { natsConnection } from './connect.js';
import { whileStarting } from './starting.js';
import type { Bus } from './types.js';

export interface KvOptions {
  readonly bucket: string;
  /** Entries vanish this long after their last put. Such a bucket is kept in memory, others in files. */
  readonly ttlMs?: number;
  /** 1 by default. */
  readonly replicas?: number;
}

export interface KvEntry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly revision: number;
}

export interface KvWatch {
  stop(): void;
}

/** A bucket of small values, the last one of each key; for leases and membership. */
export interface Kv {
  /** Writes and, in a bucket with a time to live, renews. Resolves with the revision. */
  put(key: string, value: Uint8Array): Promise<number>;
  get(key: string): Promise<KvEntry | undefined>;
  delete(key: string): Promise<void>;
  keys(): Promise<readonly string[]>;
  entries(): Promise<readonly KvEntry[]>;
  /**
   * Tells of every put and every vanished key (value undefined) until stopped; resolves once what was there has been
   * told. A key with a time to live counts as vanished only when it is deleted, or when this watcher has been
   * connected for a full ttl without seeing a put: a lost bucket or a lost connection is no mass extinction.
   */
  watch(listener: (key: string, value: Uint8Array | undefined) => void): Promise<KvWatch>;
}

/** Opens a bucket, making it when it is missing (a memory bucket is gone after the server restarted: it comes back). */
export const openKv = async (bus: Bus, options: KvOptions): Promise<Kv> => {
  const bucket = new Bucket(bus, options);
  await whileStarting(() => bucket.ensure());
  return bucket;
};

class Bucket implements Kv {
  private readonly prefix: string;
  private kv: KV | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly options: KvOptions,
  ) {
    this.prefix = `$KV.${options.bucket}.`;
  }

  async ensure(): Promise<KV> {
    const { bucket, ttlMs, replicas } = this.options;
    return (this.kv ??= await new Kvm(natsConnection(this.bus)).create(bucket, {
      history: 1,
      replicas: replicas ?? 1,
      storage: ttlMs === undefined ? 'file' : 'memory',
      ...(ttlMs === undefined ? {} : { ttl: ttlMs, markerTTL: Math.max(1000, ttlMs) }),
    }));
  }

  put(key: string, value: Uint8Array): Promise<number> {
    return this.remade((kv) => kv.put(key, value));
  }

  async get(key: string): Promise<KvEntry | undefined> {
    const entry = await this.remade((kv) => kv.get(key));
    return entry?.operation === 'PUT' ? { key, value: entry.value, revision: entry.revision } : undefined;
  }

  async delete(key: string): Promise<void> {
    await this.remade((kv) => kv.delete(key));
  }

  async keys(): Promise<readonly string[]> {
    return (await this.entries()).map((entry) => entry.key);
  }

  entries(): Promise<readonly KvEntry[]> {
    return this.remade(async () => {
      const manager = await jetstreamManager(natsConnection(this.bus), { checkAPI: false });
      const found: KvEntry[] = [];
      try {
        const last = await manager.direct.getLastMessagesFor(`KV_${this.options.bucket}`, {
          multi_last: [`${this.prefix}>`],
        });
        for await (const msg of last) if (!isMarker(msg)) found.push(this.entryOf(msg));
      } catch (error) {
        if (!isEmpty(error)) throw error;
      }
      return found;
    });
  }

  async watch(listener: (key: string, value: Uint8Array | undefined) => void): Promise<KvWatch> {
    const watcher = new Watcher(this.bus, this, this.prefix, this.options.ttlMs, listener);
    await watcher.start();
    return watcher;
  }

  private entryOf(msg: StoredMsg): KvEntry {
    return { key: msg.subject.slice(this.prefix.length), value: msg.data, revision: msg.seq };
  }

  /** Runs `work`, once more with a new bucket when the bucket was gone. Rejects with ApiError `unavailable`. */
  private async remade<T>(work: (kv: KV) => Promise<T>): Promise<T> {
    try {
      return await work(await this.ensure());
    } catch (first) {
      this.kv = undefined;
      try {
        return await work(await this.ensure());
      } catch (error) {
        throw new ApiError(
          ErrorCode.unavailable,
          `Bucket ${this.options.bucket}: ${String(error)} (${String(first)})`,
          {
            reason: 'KV_UNAVAILABLE',
          },
        );
      }
    }
  }
}

const isMarker = (msg: StoredMsg): boolean =>
  msg.header.has('KV-Operation') || msg.header.has('Nats-Marker-Reason');
const isEmpty = (error: unknown): boolean => /no results|no message/i.test(String(error));

/**
 * Core subscription for what changes at once, and a listing every third of the time to live for what was missed. It
 * outlives lost connections and lost buckets, where JetStream's own watcher ends.
 */
class Watcher implements KvWatch {
  private readonly seenAt = new Map<string, { at: number; value: Uint8Array; revision?: number }>();
  private readonly everyMs: number;
  private connectedSince = Date.now();
  private timer: NodeJS.Timeout | undefined;
  private subscription: { unsubscribe(): void } | undefined;
  private stopped = false;

  constructor(
    private readonly bus: Bus,
    private readonly kv: Kv,
    private readonly prefix: string,
    private readonly ttlMs: number | undefined,
    private readonly listener: (key: string, value: Uint8Array | undefined) => void,
  ) {
    this.everyMs = Math.max(200, (ttlMs ?? 30_000) / 3);
  }

  async start(): Promise<void> {
    this.bus.onConnection((connected) => {
      if (!connected || this.stopped) return;
      this.connectedSince = Date.now();
      this.schedule(0);
    });
    const connection = natsConnection(this.bus);
    this.subscription = connection.subscribe(`${this.prefix}>`, {
      callback: (error, msg) => {
        if (error || this.stopped) return;
        const key = msg.subject.slice(this.prefix.length);
        if (msg.headers?.has('KV-Operation')) this.gone(key);
        else {
          this.seenAt.set(key, { at: Date.now(), value: msg.data });
          this.listener(key, msg.data);
        }
      },
    });
    await this.bus.flush();
    await this.list();
    this.schedule(this.everyMs);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.subscription?.unsubscribe();
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.relist(), ms);
  }

  private async relist(): Promise<void> {
    // A listing that fails changes nothing: the next one will tell.
    if (this.bus.connected) await this.list().catch(() => undefined);
    if (!this.stopped) this.schedule(this.everyMs);
  }

  private async list(): Promise<void> {
    const startedAt = Date.now();
    const entries = await this.kv.entries();
    if (this.stopped) return;
    const listed = new Set(entries.map((entry) => entry.key));
    for (const entry of entries) this.listed(entry, startedAt);
    const heardSince = Date.now() - (this.ttlMs ?? 0);
    for (const [key, { at }] of this.seenAt)
      if (!listed.has(key) && at < startedAt && at <= heardSince && this.connectedSince <= heardSince)
        this.gone(key);
  }

  private listed({ key, value, revision }: KvEntry, startedAt: number): void {
    const seen = this.seenAt.get(key);
    // What was put while the listing was under way is newer than the listing.
    if (seen && seen.at >= startedAt) return;
    const same = seen !== undefined && Buffer.compare(seen.value, value) === 0;
    const renewed = seen?.revision !== undefined && seen.revision !== revision;
    this.seenAt.set(key, { at: seen && same && !renewed ? seen.at : Date.now(), value, revision });
    if (!same) this.listener(key, value);
  }

  private gone(key: string): void {
    if (this.seenAt.delete(key)) this.listener(key, undefined);
  }
}
