import type { ASTNode } from '@marcbachmann/cel-js';
import type { FilterContext, SkipContext } from '../domain/ports.js';
import { compile } from './compile.js';
import { Refused, type Run, type Value } from './nodes.js';
import { ENVIRONMENTS, EXAMPLES, type Place } from './variables.js';

/** What is wrong with an expression. */
export interface ExpressionProblem {
  /** With the line and column at which it stands. */
  readonly reason: string;
  readonly example: string;
}

const MOST_CHARACTERS = 2_000;
const MOST_COMPILED = 2_000;

type Outcome = { readonly run: Run } | { readonly problem: ExpressionProblem };

/** A condition over a chat. It neither throws nor takes long. */
export type Condition<C> = (context: C) => boolean;

const never: Run = () => false;
const always: Run = () => true;

/**
 * The condition of a filter; an empty text matches every chat. A text that is no expression matches none: it cannot be
 * saved, `expressionProblem` says why.
 */
export const compileFilter = (text: string): Condition<FilterContext> => conditionOf('filter', text, always);

/** The condition of a target's skip_if; an empty text, and one that is no expression, never skips. */
export const compileSkip = (text: string): Condition<SkipContext> => conditionOf('skipIf', text, never);

/** What is wrong with an expression; undefined when it may be saved. */
export const expressionProblem = (place: Place, text: string): ExpressionProblem | undefined => {
  if (text.trim() === '') return undefined;
  const outcome = outcomeOf(place, text);
  return 'problem' in outcome ? outcome.problem : undefined;
};

/** The names that a filter's condition asks about, such as `contact`; none for a text that is no expression. */
export const namesIn = (text: string): ReadonlySet<string> => {
  const names = new Set<string>();
  const look = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(look);
    if (typeof node !== 'object' || node === null || !('op' in node)) return;
    const { op, args } = node as ASTNode;
    if (op === 'id') names.add(args);
    else look(args);
  };
  if (text.trim() !== '' && !expressionProblem('filter', text)) look(ENVIRONMENTS.filter.parse(text).ast);
  return names;
};

const conditionOf = <C extends FilterContext | SkipContext>(
  place: Place,
  text: string,
  empty: Run,
): Condition<C> => {
  const outcome = text.trim() === '' ? { run: empty } : outcomeOf(place, text);
  const run = 'run' in outcome ? outcome.run : never;
  return (context) => {
    const values = context as unknown as Readonly<Record<string, Value>>;
    return run({ values, items: [] }) === true;
  };
};

// The same few texts are asked for at every decision.
const outcomes = new Map<string, Outcome>();

const outcomeOf = (place: Place, text: string): Outcome => {
  const key = `${place} ${text}`;
  const known = outcomes.get(key);
  if (known) return known;
  const outcome = read(place, text);
  if (outcomes.size >= MOST_COMPILED) outcomes.clear();
  outcomes.set(key, outcome);
  return outcome;
};

const read = (place: Place, text: string): Outcome => {
  const example = EXAMPLES[place];
  if (text.length > MOST_CHARACTERS)
    return { problem: { reason: `is longer than ${MOST_CHARACTERS} characters`, example } };
  try {
    const ast: ASTNode = ENVIRONMENTS[place].parse(text).ast;
    const checked = ENVIRONMENTS[place].check(text);
    // Refusals of our own say what is available here; the checker's are for what only it sees.
    const { run } = compile(ast, place);
    if (!checked.valid) return { problem: { reason: reasonOf(checked.error, text), example } };
    return { run };
  } catch (error) {
    return { problem: { reason: reasonOf(error, text), example: exampleFor(error, place) } };
  }
};

interface LibraryError {
  readonly summary?: string;
  readonly message?: string;
  readonly range?: { readonly start: number };
}

const reasonOf = (error: unknown, text: string): string => {
  if (error instanceof Refused) return `${positionOf(text, error.start)}: ${error.message}`;
  const { summary, message, range } = error as LibraryError;
  const reason = (summary ?? message?.split('\n')[0] ?? 'is no expression').replace(/: EOF$/, ': its end');
  return range ? `${positionOf(text, range.start)}: ${reason}` : reason;
};

const positionOf = (text: string, start: number): string => {
  const before = text.slice(0, start).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return before.length === 1 ? `at column ${column}` : `at line ${before.length}, column ${column}`;
};

const exampleFor = (error: unknown, place: Place): string => {
  const { message = '' } = error as LibraryError;
  if (message.includes('regular expression')) return 'page.url.matches("/orders/[0-9]+$")';
  if (message.includes('prechat and contact')) return 'prechat.order != "" || "vip" in contact';
  return EXAMPLES[place];
};
