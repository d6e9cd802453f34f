import type { Document, Filter as MongoFilter, Sort } from 'mongodb';
import type { Constraint, Order } from '../plan.js';

/** What is stored: the document with its id as `_id`, and the words of its searchable fields. */
export interface Stored extends Document {
  _id: string;
  version: number;
  _tokens?: readonly string[];
}

/** A condition; always with explicit operators, one by one, so that several on a field do not overwrite each other. */
export const queryOf = (constraints: readonly Constraint[]): MongoFilter<Stored> => {
  if (constraints.length === 0) return {};
  return { $and: constraints.map((constraint) => ({ [keyOf(constraint.field)]: conditionOf(constraint) })) };
};

/** Documents with a word that starts so: an anchored prefix reads one stretch of the index. Words need no escaping. */
export const wordQuery = (word: string): Document => ({ _tokens: { $regex: `^${word}` } });

export const sortOf = ({ field, direction }: Order): Sort => {
  const sign = direction === 'asc' ? 1 : -1;
  return field === 'id' ? { _id: sign } : { [keyOf(field)]: sign, _id: sign };
};

export const keyOf = (field: string): string => (field === 'id' ? '_id' : field);

const conditionOf = (constraint: Constraint): Document =>
  constraint.operator === 'present' ? { $ne: null } : { [`$${constraint.operator}`]: constraint.value };
