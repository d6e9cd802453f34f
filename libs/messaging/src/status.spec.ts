import { describe, expect, it } from '@jest/globals';
import { common } from '@parley/contracts';
import { ApiError, ErrorCode } from '@parley/kernel';
import { codeName, decodeStatus, encodeStatus } from './status.js';

describe('status', () => {
  it('carries code, message and every detail', () => {
    const error = new ApiError(ErrorCode.resourceExhausted, 'Slow down: wait 2.5 s.', {
      reason: 'RATE_LIMITED',
      violations: [{ field: 'message.text', description: 'too long' }],
      retryAfterMs: 2500,
    });
    const back = decodeStatus(encodeStatus(error));
    expect({ code: back.code, message: back.message, details: back.details }).toEqual({
      code: error.code,
      message: error.message,
      details: error.details,
    });
  });

  it('uses the type URLs of google.rpc', () => {
    const error = new ApiError(ErrorCode.notFound, 'x', { reason: 'R', violations: [], retryAfterMs: 1 });
    const { details } = common.Status.decode(encodeStatus(error));
    expect(details.map((d) => d.typeUrl)).toEqual([
      'type.googleapis.com/google.rpc.ErrorInfo',
      'type.googleapis.com/google.rpc.BadRequest',
      'type.googleapis.com/google.rpc.RetryInfo',
    ]);
  });

  it('makes an error even of bytes that are no status', () => {
    expect(decodeStatus(new Uint8Array([0xff, 0xff, 0xff])).code).toBe(ErrorCode.internal);
  });

  it('takes a code it does not know as unknown', () => {
    const bytes = common.Status.encode({ code: 99, message: 'm', details: [] }).finish();
    expect(decodeStatus(bytes).code).toBe(ErrorCode.unknown);
  });

  it('names codes as metrics show them', () => {
    expect([0, 3, 4, 77].map(codeName)).toEqual(['ok', 'invalid_argument', 'deadline_exceeded', 'unknown']);
  });
});
