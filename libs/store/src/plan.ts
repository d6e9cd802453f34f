import { invalidArgument } from '@parley/kernel';
import { decodeCursor, encodeCursor, isScalar, type Position } from './cursor.js';
import { misuse } from './errors.js';
import { indexedFields, valueOf, type AnySpec } from './spec.js';
import type { Doc, Filter, FindOptions, IndexSpec, Page, Scalar } from './types.js';

export type Operator = 'eq' | 'in' | 'gt' | 'gte' | 'lt' | 'lte' | 'present';

/** One comparison; what a backend translates. `present` is "not null" and has no value. */
export type Constraint =
  | { readonly field: string; readonly operator: Exclude<Operator, 'in' | 'present'>; readonly value: Scalar }
  | { readonly field: string; readonly operator: 'in'; readonly value: readonly Scalar[] }
  | { readonly field: string; readonly operator: 'present' };

export interface Order {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

/** A find that is known to be served by an index. */
export interface Plan {
  readonly constraints: readonly Constraint[];
  readonly order: Order;
  /** Undefined: the ids' own index. */
  readonly index: IndexSpec | undefined;
}

const RANGES = ['gt', 'gte', 'lt', 'lte'] as const;
const MAX_LIMIT = 1000;

/** Translates a filter; throws on anything but scalars, so that no operator of a database can be smuggled in. */
export const constraintsOf = (spec: AnySpec, filter: Filter): readonly Constraint[] =>
  Object.entries(filter).flatMap(([field, condition]): Constraint[] => {
    const fail = (): never => {
      throw misuse(`filter on "${field}" of "${spec.name}": give a scalar, {in: […]} or {gt, gte, lt, lte}`);
    };
    if (isScalar(condition)) return [{ field, operator: 'eq', value: condition }];
    if (typeof condition !== 'object') return fail();
    if ('in' in condition) {
      if (!Array.isArray(condition.in) || !condition.in.every(isScalar)) return fail();
      return [{ field, operator: 'in', value: condition.in }];
    }
    const bounds = Object.entries(condition).filter(([, value]) => value !== undefined);
    if (bounds.length === 0) return fail();
    return bounds.map(([name, value]) => {
      const operator = RANGES.find((range) => range === name);
      if (!operator || value === null || !isScalar(value)) return fail();
      return { field, operator, value };
    });
  });

/** Chooses the index for a find, count or bulk delete; throws when none was declared that serves it without a scan. */
export const planFind = (spec: AnySpec, filter: Filter, sort?: FindOptions['sort']): Plan => {
  const constraints = constraintsOf(spec, filter);
  const fieldsWith = (test: (operator: Operator) => boolean): string[] => [
    ...new Set(constraints.filter(({ operator }) => test(operator)).map(({ field }) => field)),
  ];
  const equal = fieldsWith((operator) => operator === 'eq' || operator === 'in');
  const ranged = fieldsWith((operator) => operator !== 'eq' && operator !== 'in');
  const fixed = constraints.some((c) => c.operator === 'eq' && c.field === sort?.field);
  const order: Order = { field: !sort || fixed ? 'id' : sort.field, direction: sort?.direction ?? 'asc' };
  const then = [...new Set([...ranged, ...(order.field === 'id' ? [] : [order.field])])];

  const serves = (fields: readonly string[]): boolean =>
    equal.every((field) => fields.indexOf(field) >= 0 && fields.indexOf(field) < equal.length) &&
    (then.length === 0 || (then.length === 1 && fields[equal.length] === then[0]));
  if (serves(['id'])) return { constraints, order, index: undefined };
  const candidates = spec.indexes.filter((index) => serves([...index.fields, 'id']));
  // An index that ends after the equal fields continues with the id, which spares sorting.
  const index = candidates.find(({ fields }) => fields.length === equal.length) ?? candidates[0];
  if (index) return { constraints, order, index };
  const wanted = JSON.stringify([...equal, ...then]);
  throw misuse(
    then.length > 1
      ? `find on "${spec.name}": a range on ${ranged.join(' and ')} with order by ${order.field} needs one field for both`
      : `find on "${spec.name}" would scan: declare an index whose fields start with ${wanted}`,
  );
};

/** A search's filter; every field must be declared in some index. */
export const searchFilter = (spec: AnySpec, filter: Filter): readonly Constraint[] => {
  const known = new Set(['id', ...indexedFields(spec)]);
  for (const field of Object.keys(filter)) {
    if (!known.has(field))
      throw misuse(`search on "${spec.name}": no declared index has the field "${field}"`);
  }
  return constraintsOf(spec, filter);
};

export const limitOf = (limit = 100): number => {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw invalidArgument('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
};

/**
 * Reads one page by keyset: what lies behind the cursor's position, as up to three plain queries in order. So each
 * is a single index range in every database, and documents that come and go meanwhile do not shift the page.
 */
export const readPage = async <D extends Doc>(
  listName: string,
  order: Order,
  { limit, cursor }: Pick<FindOptions, 'limit' | 'cursor'>,
  run: (extra: readonly Constraint[], limit: number) => Promise<readonly D[]>,
): Promise<Page<D>> => {
  const size = limitOf(limit);
  const scope = `${listName} ${order.field} ${order.direction}`;
  const steps = cursor === undefined ? [[]] : stepsBehind(order, decodeCursor(scope, cursor));
  const found: D[] = [];
  for (const step of steps) {
    found.push(...(await run(step, size + 1 - found.length)));
    if (found.length > size) break;
  }
  const items = found.slice(0, size);
  const last = items.at(-1);
  if (found.length <= size || !last) return { items };
  const value = order.field === 'id' ? null : valueOf(last, order.field);
  return { items, next: encodeCursor(scope, { value: isScalar(value) ? value : null, id: last.id }) };
};

const stepsBehind = (
  { field, direction }: Order,
  { value, id }: Position,
): readonly (readonly Constraint[])[] => {
  const beyond = direction === 'asc' ? 'gt' : 'lt';
  const sameValue: Constraint[] = [{ field: 'id', operator: beyond, value: id }];
  if (field === 'id') return [sameValue];
  sameValue.unshift({ field, operator: 'eq', value });
  // Both databases put null before everything else.
  if (direction === 'asc') {
    return [sameValue, [value === null ? { field, operator: 'present' } : { field, operator: 'gt', value }]];
  }
  if (value === null) return [sameValue];
  return [sameValue, [{ field, operator: 'lt', value }], [{ field, operator: 'eq', value: null }]];
};
