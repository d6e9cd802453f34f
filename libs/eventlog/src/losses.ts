import type { Loss } from './loss.js';
import type { Progress } from './progress.js';
import type { EventLog } from './types.js';

/** A leader that was just elected may not have read all of its log yet. */
const LOOKS = 10;
const BETWEEN_LOOKS_MS = 500;

/**
 * The partitions in which the log ends before the checkpoint; looks again for 5 s before it says so. What was purged is
 * no loss, nor is a log that nobody has applied anything of. Rejects when the log or the store does not answer.
 */
export const lossesOf = async (log: EventLog, progress: Progress): Promise<readonly Loss[]> => {
  const applied = await progress.checkpoints();
  const partitions = await log.refresh();
  for (let looks = 1; ; looks++) {
    const losses: Loss[] = [];
    for (const [partition, appliedSeq] of applied) {
      const lastSeq = partition < partitions ? (await log.bounds(partition)).lastSeq : 0;
      if (lastSeq < appliedSeq) losses.push({ partition, appliedSeq, lastSeq });
    }
    if (losses.length === 0 || looks === LOOKS) return losses;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
};
