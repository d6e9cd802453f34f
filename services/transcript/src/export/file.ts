import type { conversation } from '@parley/contracts';

/** A transcript as a file that is written from its beginning to its end. */
export interface TranscriptFile {
  readonly head: string;
  /** What an event adds; empty: nothing. */
  readonly event: (recorded: conversation.RecordedEvent) => string;
  /** Between two events. */
  readonly separator: string;
  readonly tail: string;
}
