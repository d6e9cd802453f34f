import { ApiError, ErrorCode } from '@parley/kernel';
import type { ConfigProblem } from './ports.js';

/** The refusal of a configuration with these problems, each by its field; undefined when all are mere warnings. */
export const refusedFor = (what: string, problems: readonly ConfigProblem[]): ApiError | undefined => {
  const violations = problems
    .filter(({ warning }) => !warning)
    .map(({ field, reason, example }) => ({ field, description: `${reason}; for example ${example}` }));
  if (violations.length === 0) return undefined;
  const [first] = violations;
  return new ApiError(
    ErrorCode.invalidArgument,
    `${first?.field ?? what}: ${first?.description ?? ''}${violations.length > 1 ? ` (and ${violations.length - 1} more)` : ''}`,
    { reason: 'INVALID_ARGUMENT', violations },
  );
};
