import { describe, expect, it } from '@jest/globals';
import { SendMessageRequest } from './conversation.js';
import { decodeStrictly } from './strict.js';

const read = (...bytes: number[]) => decodeStrictly(SendMessageRequest, Uint8Array.from(bytes));

describe('decodeStrictly', () => {
  it('reads what the codec wrote', () => {
    const message = SendMessageRequest.fromPartial({
      conversationId: '0-a',
      text: '\ufeffGrüße 😀'.repeat(40),
    });
    expect(decodeStrictly(SendMessageRequest, SendMessageRequest.encode(message).finish())).toEqual(message);
  });

  it.each([
    ['text that is not UTF-8', [26, 1, 0x80]],
    ['an overlong character', [26, 2, 0xc0, 0xaf]],
    ['half a surrogate pair', [26, 3, 0xed, 0xa0, 0x80]],
    ['field number 0', [0, 1]],
    ['the end of a group that never began', [12, 1]],
    ['a length beyond the end', [26, 9, 97]],
  ])('refuses %s', (_what, bytes) => {
    expect(() => read(...bytes)).toThrow();
  });
});
