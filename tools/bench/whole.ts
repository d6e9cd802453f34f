/** The whole number that a flag was given; fails below 1. */
export const whole = (text: string, name: string): number => {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new Error(`${name} ${text} is not a number of 1 or more`);
  return n;
};
