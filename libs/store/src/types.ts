/** What can be compared in an index: scalars at the top level of a document. */
export type Scalar = string | number | boolean | null;

/**
 * A document. `id` is unique in its collection. `version` is the caller's own number (usually the version of the
 * aggregate it was computed from) and is what conditional writes compare. All values are JSON.
 */
export interface Doc {
  readonly id: string;
  readonly version: number;
}

/**
 * Indexed fields, in order; a find uses equality on a prefix, then a range or a sort on the next field, and is refused
 * when no index serves it so. The id follows as the last field of its own accord. A field holds values of one type, or
 * null; every field of a unique index has a value in every document (databases disagree whether two nulls clash).
 */
export interface IndexSpec {
  readonly name: string;
  readonly fields: readonly string[];
  readonly unique?: boolean;
}

export interface CollectionSpec<D extends Doc> {
  readonly name: string;
  readonly indexes: readonly IndexSpec[];
  /** Top-level string fields that `search` looks through. */
  readonly searchable?: readonly (keyof D & string)[];
}

export type Condition =
  | Scalar
  | { readonly in: readonly Scalar[] }
  | { readonly gt?: Scalar; readonly gte?: Scalar; readonly lt?: Scalar; readonly lte?: Scalar };

export type Filter = Readonly<Record<string, Condition>>;

export interface FindOptions {
  readonly filter: Filter;
  /** One declared index's field; ties are broken by id in the same direction. Default: by id, ascending. */
  readonly sort?: { readonly field: string; readonly direction: 'asc' | 'desc' };
  /** 1 to 1000; default 100. */
  readonly limit?: number;
  /** What an earlier page returned as `next`; anything else is an ApiError invalidArgument on `cursor`. */
  readonly cursor?: string;
}

export interface Page<D> {
  readonly items: readonly D[];
  /** Opaque; absent on the last page. */
  readonly next?: string;
}

export interface Collection<D extends Doc> {
  get(id: string): Promise<D | undefined>;
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, D>>;
  /** False when the id (or a unique index) is taken; nothing is changed then. */
  insert(doc: D): Promise<boolean>;
  /**
   * Replaces the document only while its stored version is `expectedVersion`; false otherwise. Like `put` and
   * `upsertNewer` it throws ApiError alreadyExists when another document has its value of a unique index; a bulk may be
   * written in part then.
   */
  replaceIf(doc: D, expectedVersion: number): Promise<boolean>;
  /** Inserts or replaces each document whose stored version is lower than its own; older ones are dropped silently. */
  upsertNewer(docs: readonly D[]): Promise<void>;
  /** Inserts or replaces unconditionally. For documents with one writer. */
  put(docs: readonly D[]): Promise<void>;
  delete(ids: readonly string[]): Promise<void>;
  /** Deletes what matches, at most `limit` (default 1000); returns how many. */
  deleteWhere(filter: Filter, limit?: number): Promise<number>;
  find(options: FindOptions): Promise<Page<D>>;
  count(filter: Filter): Promise<number>;
  /**
   * Documents in which every word of `text` occurs (case and accents folded, prefix of a token), newest id first; none
   * when `text` has no word in it. The filter's fields must be declared in some index.
   */
  search(text: string, options: { filter: Filter; limit?: number; cursor?: string }): Promise<Page<D>>;
}

export interface Store {
  /**
   * Declares a collection and creates its indexes; idempotent. An index whose fields were changed is built anew, and so
   * are the words of a collection that is searched otherwise than before; an index that is no longer declared stays.
   */
  collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D>>;
  /** Resolves when the store answers; rejects with a reason otherwise. For readiness. */
  ping(): Promise<void>;
  /**
   * Makes what was replaced or deleted before unreadable in the files too: for erasures. In SQLite files of
   * durability `record`; a server database reuses its space in its own time. Slow: not for every write.
   */
  scrub(): Promise<void>;
  close(): Promise<void>;
}

/** How much a write must survive before it is acknowledged. */
export type Durability =
  /** Survives power loss: SQLite synchronous FULL, MongoDB majority + journal. For records. */
  | 'record'
  /** Survives a crash of the process; can be rebuilt from the log. For projections. */
  | 'projection';

export interface OpenStoreOptions {
  /** Service name: the database's or the file's name. */
  readonly name: string;
  readonly durability: Durability;
  /** `mongodb://…` selects MongoDB. Wins over `folder`. */
  readonly mongodbUrl?: string;
  /** Folder of the SQLite file `<name>.sqlite`. */
  readonly folder?: string;
}

export interface WaitOptions {
  /** How long nobody may answer, ms; a try that is under way then is still waited for, 10 s by default. */
  readonly forMs: number;
  /** Told once, when the first try has found nobody: why, in one line without passwords. */
  readonly onWaiting?: (reason: string) => void;
}
