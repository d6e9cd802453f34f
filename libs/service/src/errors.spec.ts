import { describe, expect, it } from '@jest/globals';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { ApiError, ErrorCode } from '@parley/kernel';
import { fromGrpcError, toFrameError, toGrpcError, toHttpProblem } from './errors.js';

const error = new ApiError(ErrorCode.invalidArgument, 'text: too long', {
  reason: 'INVALID_ARGUMENT',
  violations: [{ field: 'text', description: 'too long' }],
  retryAfterMs: 1500,
});

describe('errors at the edges', () => {
  it('keeps everything through a gRPC status', () => {
    const back = fromGrpcError(toGrpcError(error) as unknown as ServiceError);
    expect({ ...back, message: back.message }).toEqual({ ...error, message: error.message });
  });

  it('tells a connection that failed from a service that said so', () => {
    const status = { code: 14, details: 'ECONNREFUSED 10.0.0.7:1', metadata: new Metadata() };
    const back = fromGrpcError(status as unknown as ServiceError);
    expect(back.details.reason).toBe('SERVICE_UNAVAILABLE');
    expect(back.message).not.toContain('10.0.0.7');
  });

  it('makes a problem document', () => {
    expect(toHttpProblem(error)).toEqual({
      type: 'about:blank',
      title: 'Invalid argument',
      status: 400,
      detail: 'text: too long',
      code: 3,
      reason: 'INVALID_ARGUMENT',
      violations: [{ field: 'text', description: 'too long' }],
      retryAfterMs: 1500,
    });
  });

  it('has an HTTP status of an error for every code', () => {
    for (const code of Object.values(ErrorCode)) {
      const { status } = toHttpProblem(new ApiError(code, 'x'));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
    }
  });

  it('makes a frame', () => {
    expect(toFrameError(error, { close: true })).toEqual({
      code: 3,
      message: 'text: too long',
      reason: 'INVALID_ARGUMENT',
      violations: [{ field: 'text', description: 'too long' }],
      retryAfterMs: 1500,
      close: true,
    });
  });
});
