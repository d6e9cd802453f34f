import type { MessageCodec } from '@parley/contracts';
import type { Topics } from '../sockets/topics.js';

/** How often everything is read again: a lost live message shows no gap. */
const REPAIR_MS = 30_000;

/** Where the rows of a kind come from. */
export interface RowSource<Row> {
  readonly codec: Pick<MessageCodec<Row>, 'decode' | 'encode'>;
  /** Live subject of all rows of a tenant; its last token is the row's key. */
  readonly subject: (tenant: string) => string;
  readonly keyOf: (row: Row) => string;
  /** Every row as it is now. Rejects with ApiError. */
  readonly read: (tenant: string) => Promise<readonly Row[]>;
}

/** Told of rows that changed, appeared or went. */
export type RowListener = (key: string) => void;

/** All rows of one kind and tenant as they are now, for everybody at this gateway who follows them. */
export class LiveRows<Row> {
  private readonly known = new Map<string, { readonly row: Row; readonly bytes: Buffer }>();
  private readonly listeners = new Set<RowListener>();
  /** Rows heard of live while all are read: what was heard is newer, or corrected within a second. */
  private heard: Set<string> | undefined;
  private again = false;
  private readonly leave: () => void;
  private readonly timer: NodeJS.Timeout;
  /** Resolves once all rows have been read; rejects when they could not be. */
  readonly first: Promise<void>;

  constructor(
    private readonly source: RowSource<Row>,
    private readonly tenant: string,
    topics: Topics,
    flush: () => Promise<void>,
  ) {
    this.leave = topics.join(source.subject(tenant), (data, subject) => this.hear(data, subject));
    this.timer = setInterval(() => void this.repair(), REPAIR_MS);
    this.first = flush().then(() => this.readAll());
    // Whoever opens a stream waits for it as well, and is told.
    this.first.catch(() => undefined);
  }

  get followers(): number {
    return this.listeners.size;
  }

  /** Follows the rows until the returned function is called. */
  follow(listener: RowListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  keys(): Iterable<string> {
    return this.known.keys();
  }

  /** The row as it is now; undefined when there is none. */
  get(key: string): Row | undefined {
    return this.known.get(key)?.row;
  }

  /** Reads everything again. What could not be read is tried with the next repair. */
  async repair(): Promise<void> {
    this.again = true;
    if (this.heard) return;
    await this.readAll().catch(() => undefined);
  }

  close(): void {
    this.leave();
    clearInterval(this.timer);
  }

  private async readAll(): Promise<void> {
    do {
      this.again = false;
      const heard = (this.heard = new Set<string>());
      try {
        this.replace(await this.source.read(this.tenant), heard);
      } finally {
        this.heard = undefined;
      }
    } while (this.again);
  }

  private replace(rows: readonly Row[], heard: ReadonlySet<string>): void {
    const gone = new Set(this.known.keys());
    for (const row of rows) {
      const key = this.source.keyOf(row);
      gone.delete(key);
      if (!heard.has(key)) this.put(key, row, Buffer.from(this.source.codec.encode(row).finish()));
    }
    for (const key of gone) if (!heard.has(key)) this.remove(key);
  }

  private hear(data: Uint8Array, subject: string): void {
    const key = subject.slice(subject.lastIndexOf('.') + 1);
    this.heard?.add(key);
    if (data.length === 0) this.remove(key);
    else this.put(key, this.source.codec.decode(data), Buffer.from(data));
  }

  private put(key: string, row: Row, bytes: Buffer): void {
    if (this.known.get(key)?.bytes.equals(bytes)) return;
    this.known.set(key, { row, bytes });
    for (const listener of this.listeners) listener(key);
  }

  private remove(key: string): void {
    if (!this.known.delete(key)) return;
    for (const listener of this.listeners) listener(key);
  }
}

/** The rows of one kind, by tenant, as long as anybody follows them. */
export class RowTables<Row> {
  private readonly tables = new Map<string, LiveRows<Row>>();

  constructor(
    private readonly source: RowSource<Row>,
    private readonly topics: Topics,
    private readonly flush: () => Promise<void>,
  ) {}

  /**
   * Follows a tenant's rows; resolves once all of them are known. Rejects with the ApiError of the read. `leave` has to
   * be called once, whatever happens.
   */
  async join(
    tenant: string,
    listener: RowListener,
  ): Promise<{ readonly rows: LiveRows<Row>; readonly leave: () => void }> {
    let rows = this.tables.get(tenant);
    if (!rows) this.tables.set(tenant, (rows = new LiveRows(this.source, tenant, this.topics, this.flush)));
    const table = rows;
    const unfollow = table.follow(listener);
    const leave = (): void => {
      unfollow();
      if (table.followers > 0 || this.tables.get(tenant) !== table) return;
      this.tables.delete(tenant);
      table.close();
    };
    try {
      await table.first;
    } catch (error) {
      leave();
      throw error;
    }
    return { rows: table, leave };
  }

  /** Reads all tables again: the connection was lost, and with it what was said meanwhile. */
  repair(): void {
    for (const rows of this.tables.values()) void rows.repair();
  }
}
