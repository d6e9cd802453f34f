import type { SQLInputValue } from 'node:sqlite';
import type { Constraint, Order } from '../plan.js';
import type { Scalar } from '../types.js';
import { columnOf } from './schema.js';

export interface Sql {
  readonly text: string;
  readonly values: readonly SQLInputValue[];
}

const SYMBOLS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** A condition for WHERE; `1` when there are no constraints. Its text depends on the shape only, never on values. */
export const whereOf = (constraints: readonly Constraint[]): Sql => {
  const values: SQLInputValue[] = [];
  const parts = constraints.map((constraint) => {
    const column = columnOf(constraint.field);
    switch (constraint.operator) {
      case 'present':
        return `${column} IS NOT NULL`;
      case 'in': {
        // One bound JSON array instead of as many marks as values: the text, and so the statement, stays the same.
        values.push(JSON.stringify(constraint.value.filter((value) => value !== null)));
        const among = `${column} IN (SELECT value FROM json_each(?))`;
        return constraint.value.includes(null) ? `(${among} OR ${column} IS NULL)` : among;
      }
      case 'eq':
        if (constraint.value === null) return `${column} IS NULL`;
        values.push(bindable(constraint.value));
        return `${column} = ?`;
      case 'gt':
      case 'gte':
      case 'lt':
      case 'lte':
        values.push(bindable(constraint.value));
        return `${column} ${SYMBOLS[constraint.operator]} ?`;
    }
  });
  return { text: parts.join(' AND ') || '1', values };
};

export const orderBy = ({ field, direction }: Order): string =>
  field === 'id' ? `id ${direction}` : `${columnOf(field)} ${direction}, id ${direction}`;

/** JSON's true and false are 1 and 0 in a generated column. */
const bindable = (value: Scalar): SQLInputValue => (typeof value === 'boolean' ? Number(value) : value);
