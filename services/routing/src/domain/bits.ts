/** A set of small numbers, one bit each. */
export type Bits = Uint32Array;

/** The same set with room for this number. */
export const roomFor = (bits: Bits, n: number): Bits => {
  if (n >> 5 < bits.length) return bits;
  const larger = new Uint32Array((n >> 5) * 2 + 1);
  larger.set(bits);
  return larger;
};

/** Puts a number for which there is room into the set, or takes it out. */
export const setBit = (bits: Bits, n: number, to: boolean): void => {
  if (to) bits[n >> 5]! |= 1 << (n & 31);
  else bits[n >> 5]! &= ~(1 << (n & 31));
};

export const hasBit = (bits: Bits, n: number): boolean => ((bits[n >> 5] ?? 0) & (1 << (n & 31))) !== 0;
