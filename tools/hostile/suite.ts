/** A case: named after what is sent and what must come back; `run` throws when that is not what came. */
export interface Case {
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

/** Cases under way at once: enough to keep the platform busy, below what one socket may have in flight. */
const AT_ONCE = 16;
/** A case that takes longer has hung. */
const CASE_MS = 20_000;

/** Counts cases and keeps what went wrong. */
export class Suite {
  passed = 0;
  readonly problems: string[] = [];

  /** Runs the cases of a block side by side; prints one line of result and every failure. */
  async block(name: string, cases: readonly Case[]): Promise<void> {
    const before = this.problems.length;
    const startedAt = Date.now();
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let each = cases[next++]; each; each = cases[next++]) await this.one(name, each);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const failed = this.problems.length - before;
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(`${name}: ${cases.length - failed} passed, ${failed} failed (${seconds} s)`);
    for (const problem of this.problems.slice(before, before + 60)) console.error(`  ${problem}`);
  }

  private async one(block: string, { name, run }: Case): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.race([
        run(),
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error(`no end within ${CASE_MS / 1000} s`)), CASE_MS);
        }),
      ]);
      this.passed++;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.problems.push(`${block}: ${name}: ${text}`);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Throws with the message unless the condition holds. */
export function must(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** The first defined value that `read` gives, asked again until then. Throws with `what` after the time is over. */
export const eventually = async <T>(
  what: string,
  read: () => Promise<T | undefined> | T | undefined,
  withinMs = 15_000,
): Promise<T> => {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};
