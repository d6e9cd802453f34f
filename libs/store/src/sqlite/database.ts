import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@parley/kernel';
import { StoreError } from '../errors.js';
import type { Durability } from '../types.js';
import { explain, isBusy, propertyOf } from './failures.js';

/** How long SQLite itself waits for a lock. Short, as it blocks the whole process; then we wait without blocking. */
const BUSY_TIMEOUT_MS = 25;
const GIVE_UP_AFTER_MS = 15_000;
/** Finds have few shapes, so this is never reached unless filters are built from user input. */
const MAX_STATEMENTS = 500;
const FOLDER_REFUSED: readonly unknown[] = ['EACCES', 'EEXIST', 'ENOTDIR', 'EPERM', 'EROFS'];

interface Write {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One connection to one file. Writes that arrive in the same turn of the event loop share a transaction, so they
 * share its fsync; each is undone alone when it fails and is answered only after the commit.
 */
export class Database {
  private readonly statements = new Map<string, StatementSync>();
  private queue: Write[] = [];
  private draining: Promise<void> | undefined;

  private constructor(
    private readonly db: DatabaseSync,
    private readonly file: string,
  ) {}

  /** Opens or creates the file; throws a StoreError that says what to do when it cannot be read or written. */
  static async open(file: string, durability: Durability): Promise<Database> {
    let db: DatabaseSync | undefined;
    try {
      mkdirSync(dirname(file), { recursive: true });
      const opened = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
      db = opened;
      await untilFree(() => {
        opened.exec('PRAGMA journal_mode = WAL');
        opened.exec(`PRAGMA synchronous = ${durability === 'record' ? 'FULL' : 'NORMAL'}`);
        if (durability === 'record') opened.exec('PRAGMA secure_delete = ON');
        opened.exec('PRAGMA cache_size = -16000; PRAGMA journal_size_limit = 67108864');
        // Takes the write lock and lets go of it: a file that cannot be written is found now, not at the first chat.
        opened.exec('BEGIN IMMEDIATE; ROLLBACK');
      });
      return new Database(opened, file);
    } catch (error) {
      db?.close();
      if (FOLDER_REFUSED.includes(propertyOf(error, 'code'))) {
        const text = String(propertyOf(error, 'message'));
        throw new StoreError('NOT_WRITABLE', `${file}: ${text}; choose a folder that can be written`, {
          cause: error,
        });
      }
      throw explain(error, file);
    }
  }

  /** A prepared statement, kept for the next call with the same text. */
  prepare(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    if (this.statements.size >= MAX_STATEMENTS) this.statements.clear();
    const statement = this.db.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }

  exec(sql: string): void {
    this.db.exec(sql);
  }

  /** Rows of a query outside of any write; never sees what is not committed. */
  async read(sql: string, ...values: SQLInputValue[]): Promise<readonly Record<string, unknown>[]> {
    try {
      return await untilFree(() => this.prepare(sql).all(...values));
    } catch (error) {
      throw explain(error, this.file);
    }
  }

  /** Runs `work` (synchronous, with `prepare` and `exec`) inside a transaction; resolves after the commit. */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ run: work, resolve: (value) => resolve(value as T), reject });
      this.draining ??= this.drain();
    });
  }

  /** Finishes the writes that were begun, then closes the file. */
  async close(): Promise<void> {
    await this.draining;
    this.statements.clear();
    if (this.db.isOpen) this.db.close();
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      // Lets the other handlers of this turn of the event loop add theirs.
      await new Promise((resolve) => setImmediate(resolve));
      const writes = this.queue;
      this.queue = [];
      try {
        await untilFree(() => this.db.exec('BEGIN IMMEDIATE'));
        const settle = writes.map((write) => this.runOne(write, writes.length > 1));
        this.db.exec('COMMIT');
        for (const answer of settle) answer();
      } catch (error) {
        if (this.db.isOpen && this.db.isTransaction) this.db.exec('ROLLBACK');
        for (const write of writes) write.reject(explain(error, this.file));
      }
    }
    this.draining = undefined;
  }

  /** Runs a write and returns what answers its caller; undoes it alone when it fails. */
  private runOne({ run, resolve, reject }: Write, hasNeighbours: boolean): () => void {
    if (!hasNeighbours) {
      const value = run();
      return () => resolve(value);
    }
    this.db.exec('SAVEPOINT one');
    try {
      const value = run();
      this.db.exec('RELEASE one');
      return () => resolve(value);
    } catch (error) {
      // A full disk ends the whole transaction, and the neighbours with it.
      if (!this.db.isTransaction) throw error;
      this.db.exec('ROLLBACK TO one; RELEASE one');
      return () => reject(explain(error, this.file));
    }
  }
}

/** Calls again while other processes hold the lock; throws SQLite's own error after 15 s. */
const untilFree = async <T>(call: () => T): Promise<T> => {
  const end = Date.now() + GIVE_UP_AFTER_MS;
  for (let attempt = 0; ; attempt++) {
    try {
      return call();
    } catch (error) {
      if (!isBusy(error) || Date.now() > end) throw error;
      await sleep(1 + backoffMs(attempt, { baseMs: 2, capMs: 50 }));
    }
  }
};
