import { ErrorCode } from '@parley/kernel';
import { must } from './suite.js';

/** What a call came to, whatever the transport; code 0 is success. */
export interface Outcome {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** Fields that the error names. */
  readonly fields: readonly string[];
  readonly retryAfterMs: number;
  readonly response?: Readonly<Record<string, unknown>>;
  /** HTTP only. */
  readonly status?: number;
}

/** An error as JSON carries it: a frame, or a problem document. */
export interface ErrorJson {
  readonly code?: number;
  readonly reason?: string;
  readonly detail?: string;
  readonly message?: string;
  readonly violations?: readonly { readonly field?: string }[];
  readonly retryAfterMs?: number;
}

/** An error as frames and problem documents carry it. */
export const errorOutcome = (json: ErrorJson, status?: number): Outcome => ({
  code: json.code ?? ErrorCode.unknown,
  reason: json.reason ?? '',
  message: json.detail ?? json.message ?? '',
  fields: (json.violations ?? []).map((violation) => violation.field ?? ''),
  retryAfterMs: json.retryAfterMs ?? 0,
  ...(status === undefined ? {} : { status }),
});

/** A success. */
export const okOutcome = (response: Readonly<Record<string, unknown>>, status?: number): Outcome => ({
  code: 0,
  reason: '',
  message: '',
  fields: [],
  retryAfterMs: 0,
  response,
  ...(status === undefined ? {} : { status }),
});

const codeNames = new Map<number, string>(Object.entries(ErrorCode).map(([name, code]) => [code, name]));
const nameOf = (code: number): string => (code === 0 ? 'ok' : (codeNames.get(code) ?? `code ${code}`));

/** One line about an outcome, for failures. */
export const describe = ({ code, reason, message, fields, response }: Outcome): string =>
  code === 0
    ? `ok ${JSON.stringify(response).slice(0, 160)}`
    : `${nameOf(code)} ${reason} [${fields.join(', ')}] ${message.slice(0, 160)}`;

/** Throws unless the call was refused with one of these codes (and this reason). */
export const refused = (outcome: Outcome, codes: number | readonly number[], reason?: string): void => {
  const wanted = typeof codes === 'number' ? [codes] : codes;
  must(
    wanted.includes(outcome.code) && (reason === undefined || outcome.reason === reason),
    `wanted ${wanted.map(nameOf).join(' or ')} ${reason ?? ''}, got ${describe(outcome)}`,
  );
  must(outcome.message !== '', `${nameOf(outcome.code)} without a message`);
};

/** Throws unless the call was refused as invalid and the error names the field. */
export const refusedField = (outcome: Outcome, field: string): void => {
  refused(outcome, ErrorCode.invalidArgument);
  must(outcome.fields.includes(field), `wanted field ${field} named, got ${describe(outcome)}`);
};

/** Throws unless the call succeeded. */
export const succeeded = (outcome: Outcome): Readonly<Record<string, unknown>> => {
  must(outcome.code === 0, `wanted ok, got ${describe(outcome)}`);
  return outcome.response ?? {};
};

const FAULTS: readonly number[] = [
  ErrorCode.cancelled,
  ErrorCode.unknown,
  ErrorCode.deadlineExceeded,
  ErrorCode.unimplemented,
  ErrorCode.internal,
  ErrorCode.unavailable,
  ErrorCode.dataLoss,
];
const NOT_LET_IN = [
  'NO_TOKEN',
  'ROLE_NOT_ALLOWED',
  'SCOPE_MISSING',
  'INVALID_TOKEN',
  'SESSION_ENDED',
  'TOKEN_EXPIRED',
  'MALFORMED_AUTHORIZATION',
];

/** Throws when the platform itself failed instead of answering. */
export const noFault = (outcome: Outcome): void =>
  must(!FAULTS.includes(outcome.code), `a fault: ${describe(outcome)}`);

/** Throws unless the caller was let in: whatever came then is the answer of the method itself, and no fault. */
export const letIn = (outcome: Outcome): void => {
  noFault(outcome);
  must(!NOT_LET_IN.includes(outcome.reason), `not let in: ${describe(outcome)}`);
};
