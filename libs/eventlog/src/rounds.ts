interface Round {
  readonly works: Promise<unknown>[];
  readonly over: Promise<unknown>;
}

/**
 * Keeps the partitions of a consumer in step: those that rest wake together, and those that read at one moment apply at
 * one moment, so that they share a transaction of their store.
 */
export class Rounds {
  private resting: Promise<void> | undefined;
  private open: Round | undefined;

  /** Resolves at the next multiple of so many ms, for all who wait for it. */
  rest(ms: number): Promise<void> {
    return (this.resting ??= new Promise((resolve) => {
      setTimeout(
        () => {
          this.resting = undefined;
          resolve();
        },
        ms - (performance.now() % ms),
      ).unref();
    }));
  }

  /** Resolves or rejects as `work` does, once all work that was begun in this turn of the event loop has ended. */
  async together<T>(work: Promise<T>): Promise<T> {
    const round = (this.open ??= this.begin());
    round.works.push(work);
    await round.over;
    return work;
  }

  private begin(): Round {
    const works: Promise<unknown>[] = [];
    return {
      works,
      over: new Promise((resolve) => {
        setImmediate(() => {
          this.open = undefined;
          resolve(Promise.allSettled(works));
        });
      }),
    };
  }
}
