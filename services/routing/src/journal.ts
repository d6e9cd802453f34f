import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { routing } from '@parley/contracts';
import type { ApiError, Result } from '@parley/kernel';
import { ConfigError } from '@parley/service';
import type { Logger } from '@parley/telemetry';
import type { Command } from './domain.js';

/** A command and what was decided about it. */
export interface JournalDecision {
  readonly commandId: string;
  readonly command: Command;
  /** Encoded events, in their order; undefined: it was refused. */
  readonly events: readonly Buffer[] | undefined;
}

/** What was decided together by one process, just before it was written: it may have got into the log or not. */
export interface JournalEntry {
  readonly tenant: string;
  /** Of the domain before the first of these decisions. */
  readonly version: number;
  /** At which it was decided, ms. */
  readonly time: number;
  readonly decisions: readonly JournalDecision[];
}

/** As it stands in a file: a line of JSON. */
interface Line extends Omit<JournalEntry, 'decisions'> {
  readonly decisions: readonly (Pick<JournalDecision, 'commandId'> & {
    /** For whoever reads along. */
    readonly kind: string;
    /** With all its types (dates, what is undefined), in base64. */
    readonly command: string;
    readonly events: readonly string[] | undefined;
  })[];
}

const SUFFIX = '.jsonl';
/** Of a file, bytes; the one before it is kept as well. Both together fit into the folder for passing things of a pod. */
const LARGEST = 24_000_000;

/** The journal of an instance in a folder, which is made; none without a folder. Throws ConfigError where it cannot write. */
export const openJournal = (
  folder: string,
  instance: string,
  logger: Logger,
  largest = LARGEST,
): Journal | undefined => {
  if (!folder) return undefined;
  try {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, instance);
    // What a process of that name may have left is ended with it.
    appendFileSync(`${file}${SUFFIX}`, '\n');
    return new Journal(file, largest, logger);
  } catch (error) {
    const why = (error as Error).message;
    throw new ConfigError(`Correct PARLEY_ROUTING_JOURNAL, a folder that routing may write to: ${why}`);
  }
};

/**
 * Writes down what routing was asked and what it decided, so that it can be decided again: the log holds what came of
 * commands, not the commands. It is written before the log is, and survives the process, not the machine. The oldest goes
 * when there is too much of it.
 */
export class Journal {
  #size: number;

  constructor(
    private readonly file: string,
    private readonly largest: number,
    private readonly logger: Logger,
  ) {
    this.#size = statSync(`${file}${SUFFIX}`).size;
  }

  /** Begins an entry; nothing of it is written before `close`. */
  open(tenant: string, version: number, time: number): JournalPage {
    return new JournalPage({ tenant, version, time }, (line) => this.#write(line));
  }

  #write(line: Line): void {
    const text = `${JSON.stringify(line)}\n`;
    const path = `${this.file}${SUFFIX}`;
    try {
      if (this.#size > 0 && this.#size + text.length > this.largest) {
        renameSync(path, `${this.file}-before${SUFFIX}`);
        this.#size = 0;
      }
      appendFileSync(path, text);
      this.#size += text.length;
    } catch (error) {
      // Chats go on; what is missing is told by the file that ends.
      this.logger.error({ err: error, file: path }, 'the journal of routing could not be written');
    }
  }
}

/** One entry while its commands are decided. */
export class JournalPage {
  readonly #decisions: Line['decisions'][number][] = [];

  constructor(
    private readonly head: Omit<JournalEntry, 'decisions'>,
    private readonly write: (line: Line) => void,
  ) {}

  /** Takes the command as it is before it is decided; to be called with what was decided. */
  ask(
    commandId: string,
    command: Command,
  ): (result: Result<readonly routing.RoutingEvent[], ApiError>) => void {
    const asked = { commandId, kind: command.kind, command: serialize(command).toString('base64') };
    return (result) => {
      const events = result.ok ? result.value.map((event) => encoded(event).toString('base64')) : undefined;
      this.#decisions.push({ ...asked, events });
    };
  }

  close(): void {
    if (this.#decisions.length > 0) this.write({ ...this.head, decisions: this.#decisions });
  }
}

/** An event as it stands in the log. */
export const encoded = (event: routing.RoutingEvent): Buffer =>
  Buffer.from(routing.RoutingEvent.encode(event).finish());

/** All entries of the journals in a folder; those of one process in their order. A line cut short by its process's end is left out. */
export const readJournals = (folder: string): JournalEntry[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .flatMap((text) => {
      const line = lineOf(text);
      return line ? { ...line, decisions: line.decisions.map(decisionOf) } : [];
    });

const lineOf = (text: string): Line | undefined => {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
};

const decisionOf = ({ commandId, command, events }: Line['decisions'][number]): JournalDecision => ({
  commandId,
  command: deserialize(Buffer.from(command, 'base64')) as Command,
  events: events?.map((event) => Buffer.from(event, 'base64')),
});
