import type { ASTNode } from '@marcbachmann/cel-js';
import { MOST_TEXT, type Declared, type Kind } from './variables.js';

/** What an expression computes with. Numbers stand for CEL's int and double. */
export type Value =
  string | number | boolean | readonly (string | number)[] | Readonly<Record<string, unknown>>;

/** One evaluation: the variables, and the elements at which exists and all are. */
export interface Scope {
  readonly values: Readonly<Record<string, Value>>;
  readonly items: (string | number)[];
}

/** Total: it returns a value for every scope. */
export type Run = (scope: Scope) => Value;

export interface Compiled {
  readonly kind: Kind;
  readonly run: Run;
  /** Upper bound of what one evaluation does. */
  readonly steps: number;
  /** Of a literal: its value. */
  readonly constant?: Value;
  /** Of a list: the kind of its elements, and how many there are. */
  readonly of?: Kind;
  readonly length?: number;
}

/** The names that mean something at some place of an expression. */
export interface Names {
  readonly variables: Readonly<Record<string, Declared>>;
  readonly bound: ReadonlyMap<string, { readonly kind: Kind; readonly index: number }>;
}

export type Compiler = (node: ASTNode, names: Names) => Compiled;

/** Beyond it, CEL's integers are not JavaScript's. */
const LARGEST = 1_000_000_000_000;

/** An expression that is parsed and typed well, and still not to be had. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    message: string,
    readonly start: number,
  ) {
    super(message);
  }
}

/** The error that names a node's position. */
export const refuse = (node: ASTNode, reason: string): Refused => new Refused(reason, node.pos);

/** A literal; refused where its type has no use here. */
export const literal = (node: ASTNode, value: unknown): Compiled => {
  if (typeof value === 'string') {
    if (value.length > MOST_TEXT) throw refuse(node, `is longer than ${MOST_TEXT} characters`);
    return { kind: 'text', steps: 1, constant: value, run: () => value };
  }
  if (typeof value === 'boolean') return { kind: 'bool', steps: 1, constant: value, run: () => value };
  if (typeof value === 'bigint' || typeof value === 'number') {
    const number = Number(value);
    if (!(Math.abs(number) <= LARGEST)) throw refuse(node, `is larger than ${LARGEST}`);
    return { kind: 'number', steps: 1, constant: number, run: () => number };
  }
  throw refuse(node, 'only texts, whole and decimal numbers, true and false are available');
};

/** A field of a record or an entry of a map, texts cut; undefined where there is none. */
export const pick = (of: Value | undefined, key: string): Value | undefined => {
  if (of === null || typeof of !== 'object' || !Object.hasOwn(of, key)) return undefined;
  const value = (of as Readonly<Record<string, Value | undefined>>)[key];
  return typeof value === 'string' && value.length > MOST_TEXT ? value.slice(0, MOST_TEXT) : value;
};
