/** What somebody else and the viewer have both made of the same thing since `base`. */
export interface Merged<T> {
  /** The other's changes with the viewer's on top. */
  readonly value: T;
  /** Fields that the other has changed. */
  readonly theirs: readonly (keyof T)[];
  /** Fields that both have changed, differently: the viewer's stands in `value`. */
  readonly both: readonly (keyof T)[];
}

/** Whether two plain values say the same, whatever the order of their keys. */
export const same = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => same(one[key], other[key]));
};

/** Merges field by field; `version` is not a change of its own. */
export const merge = <T extends object>(base: T, mine: T, theirs: T): Merged<T> => {
  const keys = [
    ...new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)]),
  ] as (keyof T)[];
  const value = { ...theirs };
  const changed: (keyof T)[] = [];
  const both: (keyof T)[] = [];
  for (const key of keys) {
    if (key === 'version') continue;
    const byThem = !same(base[key], theirs[key]);
    const byMe = !same(base[key], mine[key]);
    if (byThem) changed.push(key);
    if (byMe) value[key] = mine[key];
    if (byThem && byMe && !same(mine[key], theirs[key])) both.push(key);
  }
  return { value, theirs: changed, both };
};
