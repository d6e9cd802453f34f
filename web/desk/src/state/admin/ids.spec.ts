import { describe, expect, it } from '@jest/globals';
import { freeId } from './ids.js';

describe('ids of new things', () => {
  it('are made of their name', () => {
    expect(freeId('Rückgaben & Größen', new Set())).toBe('ruckgaben-grossen');
    expect(freeId('  Orders (EU)  ', new Set())).toBe('orders-eu');
  });

  it('are never those of another thing', () => {
    expect(freeId('Care', new Set(['care', 'care-2']))).toBe('care-3');
  });

  it('exist for names without a letter of the alphabet', () => {
    expect(freeId('客服', new Set())).toBe('new');
    expect(freeId('客服', new Set(['new']))).toBe('new-2');
    expect(freeId('x'.repeat(90), new Set())).toHaveLength(40);
  });
});
