import type { ApiError } from '@parley/kernel';

/** Undefined when a command was carried out (its events are in the decision), otherwise why not. */
export type Refusal = ApiError | undefined;
