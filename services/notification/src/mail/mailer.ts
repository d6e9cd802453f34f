import type { Client } from '@parley/contracts';
import { ApiError, ErrorCode, backoffMs, type Clock, type RequestContext } from '@parley/kernel';
import { everyPage } from '@parley/store';
import { metrics, type Logger } from '@parley/telemetry';
import type { Collections, ConversationDoc, MailRequestDoc } from '../documents.js';
import type { Allowance } from './allowance.js';
import { answerMail } from './answer.js';
import { readTranscript } from './reading.js';
import { transcriptLetter } from './template.js';
import type { MailTransport } from './transport.js';

export interface MailerOptions {
  readonly docs: Pick<Collections, 'requests' | 'conversations'>;
  readonly transcripts: Pick<Client<'parley.transcript.v1.TranscriptService'>, 'getTranscript'>;
  readonly allowance: Pick<Allowance, 'forget'>;
  readonly transport: Pick<MailTransport, 'send'>;
  readonly retry: { readonly baseMs: number; readonly capMs: number; readonly attempts: number };
  /** How to wait for transcript to have what is to be mailed; by default 30 times, in about an hour. */
  readonly behind?: MailerOptions['retry'] | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const READ_WITHIN_MS = 10_000;
const CLAIM_MS = 60_000;
/** How long to wait for transcript to have what is to be mailed: at first, at most, and how often in a row. */
const BEHIND = { baseMs: 500, capMs: 300_000, attempts: 30 };
const SWEEP_MS = 15_000;
const AT_ONCE = 8;

/** Transcript does not have the end of the conversation yet. */
class BehindError extends Error {
  override readonly name = 'BehindError';
}

/** Mails the transcripts and answers that are due, one after the other in bounded numbers. */
export class Mailer {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private sweptAt = 0;

  constructor(private readonly options: MailerOptions) {}

  /** There may be something due. */
  wake(): void {
    if (this.stopped) return;
    this.again = true;
    this.running ??= this.run();
  }

  /** Resolves when what is under way is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    let sleepMs = SWEEP_MS;
    try {
      while (this.again && !this.stopped) {
        this.again = false;
        if (this.options.clock.now() - this.sweptAt >= SWEEP_MS) await this.sweep();
        sleepMs = await this.sendDue();
      }
    } catch (error) {
      this.options.logger.warn({ err: error }, 'mails are tried later');
      sleepMs = BEHIND.baseMs;
    }
    this.running = undefined;
    if (!this.stopped) this.timer = setTimeout(() => this.wake(), sleepMs).unref();
  }

  /**
   * Finds requests that still wait although their conversation is closed (their waking was lost with a process), and
   * forgets what was counted on days that are over.
   */
  private async sweep(): Promise<void> {
    const { docs, clock, allowance } = this.options;
    this.sweptAt = clock.now();
    await allowance.forget(clock.now());
    for await (const waiting of everyPage(docs.requests, { state: 'waiting' })) {
      if (this.stopped) break;
      await this.release(waiting);
    }
    const [waiting, pending, dead] = await Promise.all(
      (['waiting', 'pending', 'dead'] as const).map((state) => docs.requests.count({ state })),
    );
    metrics.gauge('mailBacklog').set(waiting! + pending!);
    metrics.gauge('mailDead').set(dead!);
  }

  /** Makes those due whose conversation is closed. */
  private async release(waiting: readonly MailRequestDoc[]): Promise<void> {
    const { docs, clock } = this.options;
    const conversations = await docs.conversations.getMany(waiting.map((request) => request.conversation));
    for (const request of waiting) {
      if (!conversations.get(request.conversation)?.closed) continue;
      const due = {
        ...request,
        version: request.version + 1,
        state: 'pending' as const,
        nextAttemptAt: clock.now(),
      };
      await docs.requests.replaceIf(due, request.version);
    }
  }

  /** Sends what is due and returns after how many ms to look again. */
  private async sendDue(): Promise<number> {
    const { docs, clock } = this.options;
    for (;;) {
      const { items } = await docs.requests.find({
        filter: { state: 'pending' },
        sort: { field: 'nextAttemptAt', direction: 'asc' },
        limit: AT_ONCE,
      });
      const due = items.filter((request) => request.nextAttemptAt <= clock.now());
      const [next] = items;
      if (due.length === 0 || this.stopped)
        return next ? Math.min(SWEEP_MS, Math.max(10, next.nextAttemptAt - clock.now())) : SWEEP_MS;
      await Promise.all(due.map((request) => this.send(request)));
    }
  }

  private async send(request: MailRequestDoc): Promise<void> {
    const { docs, clock, logger } = this.options;
    const claimed = { ...request, version: request.version + 1, nextAttemptAt: clock.now() + CLAIM_MS };
    if (!(await docs.requests.replaceIf(claimed, request.version))) return;
    let failure: unknown;
    try {
      await this.compose(claimed);
    } catch (error) {
      failure = error;
      if (!isBehind(error))
        logger.warn(
          { err: error, tenant: request.tenant, conversationId: request.conversationId },
          'mail not sent',
        );
    }
    await docs.requests.replaceIf(this.outcome(claimed, failure), claimed.version);
  }

  private async compose(request: MailRequestDoc): Promise<void> {
    const { docs, transcripts, transport, clock } = this.options;
    const conversation = await docs.conversations.get(request.conversation);
    if (!conversation) throw new BehindError(`${request.conversationId} is not known here yet`);
    const { id, tenant, conversationId, conversation: about, answeredAt } = request;
    const transcript = await readTranscript(transcripts, conversationId, () =>
      contextFor(tenant, conversation, clock.now()),
    );
    const needed = answeredAt ?? conversation.version;
    if ((transcript.events.at(-1)?.version ?? 0) < needed)
      throw new BehindError(`transcript has not all of ${conversationId} yet`);
    const locale = request.locale || conversation.locale;
    if (answeredAt === undefined) {
      const letter = transcriptLetter(transcript, locale);
      return transport.send({ ...letter, id, tenant, conversation: about, to: request.email });
    }
    const name = transcript.summary?.contactName ?? '';
    const mail = answerMail(transcript.events, answeredAt, name, locale);
    // Erased meanwhile, or what was given is no address: there is nothing to send, now or later.
    if (mail) await transport.send({ ...mail.letter, id, tenant, conversation: about, to: mail.to });
  }

  private outcome(claimed: MailRequestDoc, failure: unknown): MailRequestDoc {
    const { clock, retry } = this.options;
    const version = claimed.version + 1;
    if (failure === undefined) {
      metrics.counter('mailAttempts').inc({ outcome: 'sent' });
      // Whom it went to is not needed any more.
      return { ...claimed, version, state: 'sent', email: '', attempts: claimed.attempts + 1, lastError: '' };
    }
    if (isBehind(failure)) return this.later(claimed, failure);
    const attempts = claimed.attempts + 1;
    const state = attempts >= retry.attempts ? 'dead' : 'pending';
    metrics.counter('mailAttempts').inc({ outcome: state === 'dead' ? 'dead' : 'retry' });
    return {
      ...claimed,
      version,
      state,
      attempts,
      lastError: failure instanceof Error ? failure.name : 'Error',
      nextAttemptAt: clock.now() + backoffMs(claimed.attempts, retry),
    };
  }

  /** Waits for transcript; what it never gets is given up, unless it is the service that does not answer. */
  private later(claimed: MailRequestDoc, failure: unknown): MailRequestDoc {
    const policy = this.options.behind ?? BEHIND;
    const version = claimed.version + 1;
    const behind = (claimed.behind ?? 0) + (isUnknown(failure) ? 1 : 0);
    if (behind >= policy.attempts) {
      metrics.counter('mailAttempts').inc({ outcome: 'dead' });
      return { ...claimed, version, behind, state: 'dead', lastError: 'transcript has never had all of it' };
    }
    const waitMs = policy.baseMs / 2 + backoffMs(behind, policy);
    return { ...claimed, version, behind, nextAttemptAt: this.options.clock.now() + waitMs };
  }
}

/** As the visitor whose conversation it is: so that transcript leaves out what visitors may not see. */
const contextFor = (tenant: string, { contactId }: ConversationDoc, now: number): RequestContext => ({
  tenant,
  principal: { role: 'visitor', id: contactId },
  deadline: now + READ_WITHIN_MS,
});

/** Passes by itself and says nothing about the mail. */
const isBehind = (error: unknown): boolean =>
  error instanceof BehindError ||
  (error instanceof ApiError &&
    (error.code === ErrorCode.notFound ||
      error.code === ErrorCode.unavailable ||
      error.code === ErrorCode.deadlineExceeded));

/** Transcript answered, and does not have it (all). */
const isUnknown = (error: unknown): boolean =>
  error instanceof BehindError || (error instanceof ApiError && error.code === ErrorCode.notFound);
