/** A partition whose log ends before what was applied of it. */
export interface Loss {
  readonly partition: number;
  /** The stored checkpoint. */
  readonly appliedSeq: number;
  /** Where the log ends; 0 when it is empty. */
  readonly lastSeq: number;
}

/**
 * A log ends before what was applied of it: NATS lost its volume, or an older copy was put back. Going on would give
 * versions anew that documents have already.
 */
export class LogLossError extends Error {
  override readonly name = 'LogLossError';

  constructor(
    readonly log: string,
    readonly projection: string,
    readonly losses: readonly Loss[],
  ) {
    const places = losses.map(
      ({ partition, appliedSeq, lastSeq }) =>
        `partition ${partition} ends at ${lastSeq}, ${appliedSeq} was applied`,
    );
    super(
      `The ${log} log has lost what the documents of "${projection}" have (${places.join('; ')}). Restore NATS and the documents from one backup; docs/operations.md says how to go on without one.`,
    );
  }
}
