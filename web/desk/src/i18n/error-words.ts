import { ErrorCode } from '@parley/client';
import { type Refusal, refusalOf } from '../state/refusal.js';
import { enErrors } from './en-errors.js';
import type { MessageKey, Translate } from './translate.js';

const isKnown = (reason: string): reason is keyof typeof enErrors => Object.hasOwn(enErrors, reason);

/** What is said of a reason that has no words of its own, such as one of a newer release. */
const CODE_WORDS: Record<ErrorCode, MessageKey> = {
  [ErrorCode.cancelled]: 'errorUnreachable',
  [ErrorCode.unknown]: 'errorUnknown',
  [ErrorCode.invalidArgument]: 'errorInvalid',
  [ErrorCode.deadlineExceeded]: 'errorLate',
  [ErrorCode.notFound]: 'errorNotFound',
  [ErrorCode.alreadyExists]: 'errorExists',
  [ErrorCode.permissionDenied]: 'errorForbidden',
  [ErrorCode.resourceExhausted]: 'errorTooMuch',
  [ErrorCode.failedPrecondition]: 'errorNotNow',
  [ErrorCode.aborted]: 'errorChanged',
  [ErrorCode.outOfRange]: 'errorInvalid',
  [ErrorCode.unimplemented]: 'errorUnknown',
  [ErrorCode.internal]: 'errorUnknown',
  [ErrorCode.unavailable]: 'errorUnreachable',
  [ErrorCode.dataLoss]: 'errorUnknown',
  [ErrorCode.unauthenticated]: 'loginEnded',
};

/** Why something was refused, in the reader's language. */
export const refusalWords = ({ code, reason, said }: Refusal, t: Translate): string =>
  t(isKnown(reason) ? reason : (CODE_WORDS[code] ?? 'errorUnknown'), { said });

/** The same of an error as it was caught. */
export const errorWords = (error: unknown, t: Translate): string => refusalWords(refusalOf(error), t);
