import { ApiError, ErrorCode, resourceExhausted, type Clock } from '@parley/kernel';

export interface TurnsOptions {
  readonly atOnce: number;
  /** Whoever comes when so many wait is refused. */
  readonly mostWaiting: number;
  readonly clock: Clock;
}

/** How much the latest piece of work counts in the mean of how long one takes. */
const WEIGHT = 0.2;
const LEAST_RETRY_MS = 100;

interface Waiting {
  readonly deadline: number;
  readonly begin: () => void;
  readonly refuse: (error: ApiError) => void;
}

/** Lets a few pieces of costly work run at once. Others wait, a bounded number of them, until their deadline at most. */
export class Turns {
  private running = 0;
  private waiting: Waiting[] = [];
  private meanMs = 0;
  constructor(private readonly options: TurnsOptions) {}

  /** Does the work when its turn comes. Throws `resourceExhausted` when too many wait, `deadlineExceeded` when it is too late. */
  async take<T>(deadline: number, work: () => Promise<T>): Promise<T> {
    const turn = this.turn(deadline);
    if (turn) await turn;
    const from = this.options.clock.now();
    try {
      return await work();
    } finally {
      this.meanMs += WEIGHT * (this.options.clock.now() - from - this.meanMs);
      this.handOn();
    }
  }

  private turn(deadline: number): Promise<void> | undefined {
    const { atOnce, mostWaiting, clock } = this.options;
    if (deadline <= clock.now()) throw tooLate();
    if (this.running < atOnce) {
      this.running++;
      return undefined;
    }
    if (this.waiting.length >= mostWaiting) this.dismissLate();
    if (this.waiting.length >= mostWaiting) throw this.tooMany();
    return new Promise((begin, refuse) => this.waiting.push({ deadline, begin, refuse }));
  }

  /** With the time after which those who wait now have been served. */
  private tooMany(): ApiError {
    const { atOnce, mostWaiting } = this.options;
    const retryAfterMs = Math.max(LEAST_RETRY_MS, Math.ceil((mostWaiting * this.meanMs) / atOnce));
    return resourceExhausted(
      'TOO_MANY_PASSWORDS',
      `too many passwords are being checked: try again in ${retryAfterMs} ms`,
      { retryAfterMs },
    );
  }

  private handOn(): void {
    this.dismissLate();
    const next = this.waiting.shift();
    if (next) next.begin();
    else this.running--;
  }

  private dismissLate(): void {
    const now = this.options.clock.now();
    this.waiting = this.waiting.filter(({ deadline, refuse }) => {
      if (now < deadline) return true;
      refuse(tooLate());
      return false;
    });
  }
}

const tooLate = (): ApiError =>
  new ApiError(ErrorCode.deadlineExceeded, 'the password was not checked within the deadline: try again', {
    reason: 'DEADLINE_EXCEEDED',
  });
