import { atEndOfTurn, type Bus } from '@parley/messaging';
import { metrics } from '@parley/telemetry';
import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import type { LogName } from '@parley/contracts';
import { apiResult, JetStreamApiError } from './jetstream-api.js';
import type { ReplyBox } from './reply-box.js';
import { ConflictError, UnknownOutcomeError } from './types.js';

// 10164 is the same answer without the right sequence: while another write on the subject is under way.
const WRONG_LAST_SEQUENCE = new Set([10071, 10164]);
const ACK_WITHIN_MS = 3_000;
const BATCH_MESSAGES = 250;
const SINGLES_AT_ONCE = 32;
/** The server stages each batch in files of its own: about 2 ms of its time, as much as some twenty single writes. */
const BATCH_FROM = 24;
const BATCH_BYTES = 2 * 1024 * 1024;

interface Waiting {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly expectedSeq: number;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: Error) => void;
}

interface Ack {
  readonly seq: number;
  /** Messages of the atomic batch; its last one has `seq`. */
  readonly count?: number;
}

/**
 * Writes the commits of one partition. What comes while others are being written waits for them, and then goes together:
 * as one atomic batch when it is much, for then the log syncs its file once for all of them; else one by one, but at once.
 * So the more there is to do, the less each commit costs, here and at all who hear of them.
 */
export class Appender {
  private waiting: Waiting[] = [];
  private singles = 0;
  private batchUnderWay = false;
  private scheduled = false;
  private batches = 0;
  private readonly batchPrefix = crypto.randomUUID().slice(0, 18);

  private readonly batchSizes;
  private readonly outcomes: Readonly<Record<Outcome, { inc(commits: number): void }>>;

  constructor(
    log: LogName,
    private readonly bus: Bus,
    private readonly replies: ReplyBox,
    private readonly batchFrom = BATCH_FROM,
  ) {
    this.batchSizes = metrics.histogram('logBatchCommits').labels({ log });
    const outcome = (name: Outcome) => metrics.counter('logAppends').labels({ log, outcome: name });
    this.outcomes = {
      ok: outcome('ok'),
      conflict: outcome('conflict'),
      unknown: outcome('unknown'),
      error: outcome('error'),
    };
  }

  /** Resolves with the commit's sequence. Rejects with ConflictError, UnknownOutcomeError or JetStreamApiError. */
  append(subject: string, data: Uint8Array, expectedSeq: number): Promise<number> {
    // The client would keep it back and send it whenever the connection returns.
    if (!this.bus.connected) return Promise.reject(new UnknownOutcomeError('not connected'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ subject, data, expectedSeq, resolve, reject });
      this.schedule();
    });
  }

  /** At the end of this turn of the event loop, so that all of what it brings goes together. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    atEndOfTurn(this.bus, () => {
      this.scheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    if (this.batchUnderWay || this.singles > 0) return;
    if (this.waiting.length >= this.batchFrom) {
      const group = this.takeGroup();
      this.batchUnderWay = true;
      this.batchSizes.observe(group.length);
      void this.writeTogether(group).finally(() => {
        this.batchUnderWay = false;
        this.schedule();
      });
      return;
    }
    for (const item of this.waiting.splice(0, SINGLES_AT_ONCE)) {
      this.singles++;
      this.batchSizes.observe(1);
      void this.writeAlone(item).finally(() => {
        this.singles--;
        if (this.waiting.length > 0 && this.singles === 0) this.schedule();
      });
    }
  }

  /** What goes next: each subject once (a batch cannot check one twice), the rest waits in order. */
  private takeGroup(): Waiting[] {
    const group: Waiting[] = [];
    const rest: Waiting[] = [];
    const subjects = new Set<string>();
    let bytes = 0;
    for (const item of this.waiting) {
      const fits =
        group.length === 0 || (group.length < BATCH_MESSAGES && bytes + item.data.length <= BATCH_BYTES);
      if (fits && !subjects.has(item.subject)) {
        subjects.add(item.subject);
        group.push(item);
        bytes += item.data.length;
      } else rest.push(item);
    }
    this.waiting = rest;
    return group;
  }

  private async writeAlone(item: Waiting): Promise<void> {
    try {
      const { seq } = await this.send(item, expectation(item));
      this.outcomes.ok.inc(1);
      item.resolve(seq);
    } catch (error) {
      const reason = failure(error);
      this.outcomes[outcomeOf(reason)].inc(1);
      item.reject(reason);
    }
  }

  private async writeTogether(group: readonly Waiting[]): Promise<void> {
    const id = `${this.batchPrefix}-${++this.batches}`;
    try {
      const last = group.length - 1;
      for (let i = 0; i < last; i++) {
        this.replies.nats.publish(group[i]!.subject, group[i]!.data, {
          headers: inBatch(group[i]!, id, i + 1),
        });
      }
      const commit = inBatch(group[last]!, id, last + 1);
      commit.set('Nats-Batch-Commit', '1');
      const ack = await this.send(group[last]!, commit);
      if (ack.count !== group.length)
        throw new Error(`a batch of ${group.length} was acknowledged as ${ack.count}`);
      this.outcomes.ok.inc(group.length);
      group.forEach((item, i) => item.resolve(ack.seq - last + i));
    } catch (error) {
      const reason = failure(error);
      // Refused as a whole, so nothing of it is written: each alone finds out which one was at fault.
      if (reason instanceof UnknownOutcomeError) {
        this.outcomes.unknown.inc(group.length);
        for (const item of group) item.reject(reason);
      } else await Promise.all(group.map((item) => this.writeAlone(item)));
    }
  }

  private send(item: Waiting, withHeaders: MsgHdrs): Promise<Ack> {
    return new Promise((resolve, reject) => {
      const hear = (message: Msg): void => {
        this.replies.close(reply);
        try {
          resolve(ackOf(message));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const reply = this.replies.open(ACK_WITHIN_MS, hear, reject);
      try {
        this.replies.nats.publish(item.subject, item.data, { headers: withHeaders, reply });
      } catch (error) {
        this.replies.close(reply);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}

/** Throws JetStreamApiError, and Error when the answer is none of the log's (nobody serves the stream just now). */
const ackOf = (message: Msg): Ack => {
  if (message.headers?.code) throw new Error(`${message.headers.code} ${message.headers.description}`);
  return apiResult<Ack>(message.data);
};

type Outcome = 'ok' | 'conflict' | 'unknown' | 'error';

const outcomeOf = (error: Error): Outcome =>
  error instanceof ConflictError ? 'conflict' : error instanceof UnknownOutcomeError ? 'unknown' : 'error';

const expectation = (item: Waiting): MsgHdrs => {
  const result = headers();
  result.set('Nats-Expected-Last-Subject-Sequence', String(item.expectedSeq));
  return result;
};

const inBatch = (item: Waiting, id: string, sequence: number): MsgHdrs => {
  const result = expectation(item);
  result.set('Nats-Batch-Id', id);
  result.set('Nats-Batch-Sequence', String(sequence));
  return result;
};

const failure = (error: unknown): Error => {
  if (error instanceof UnknownOutcomeError) return error;
  if (!(error instanceof JetStreamApiError)) {
    return new UnknownOutcomeError('the log did not answer an append', { cause: error });
  }
  if (WRONG_LAST_SEQUENCE.has(error.errCode)) return new ConflictError(error.message, { cause: error });
  // 503: no leader or JetStream is starting. It may have been handed on before, so it is not known to have failed.
  return error.code === 503 ? new UnknownOutcomeError(error.message, { cause: error }) : error;
};
