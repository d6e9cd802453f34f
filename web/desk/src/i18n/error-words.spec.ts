import { describe, expect, it } from '@jest/globals';
import { ApiError, ErrorCode } from '@parley/client';
import { errorWords } from './error-words.js';
import { LANGUAGES } from './languages.js';
import { CATALOGUES, translator } from './translate.js';

describe('why something was refused', () => {
  it.each(LANGUAGES)(
    'is said in %s: by its reason, else by its code, never in the server’s words alone',
    (language) => {
      const t = translator(language);
      const own = CATALOGUES[language];
      const refused = (code: ErrorCode, reason: string) =>
        errorWords(new ApiError(code, 'Said.', { reason }), t);
      expect(refused(ErrorCode.failedPrecondition, 'QUEUE_CLOSED')).toBe(own.QUEUE_CLOSED);
      expect(refused(ErrorCode.failedPrecondition, 'OF_A_NEWER_RELEASE')).toBe(own.errorNotNow);
      expect(refused(ErrorCode.unavailable, 'NO_OWNER')).toBe(own.errorUnreachable);
      expect(refused(99 as ErrorCode, 'toString')).toBe(own.errorUnknown);
      expect(errorWords(new TypeError('x is not a function'), t)).toBe(own.errorUnknown);
      // What is in the way has a name that only the server knows.
      expect(refused(ErrorCode.failedPrecondition, 'QUEUE_IN_USE')).toContain('Said.');
      for (const code of Object.values(ErrorCode)) expect(refused(code, '')).not.toBe('Said.');
    },
  );
});
