import type { ASTNode } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { refuse, type Compiled, type Compiler, type Names, type Run } from './nodes.js';
import type { Kind } from './variables.js';

/** Instructions of a regular expression's program: with MOST_SEARCHED it bounds the time that a match takes. */
const MOST_INSTRUCTIONS = 150;
const MOST_PATTERN = 200;
/** Characters of a text that a regular expression looks at. */
const MOST_SEARCHED = 1_000;
const STEPS_OF_MATCH = 100;

const AVAILABLE =
  'contains, startsWith, endsWith, matches, lowerAscii, upperAscii, trim, size, has, exists, all';

interface TextFunction {
  readonly arguments: 0 | 1;
  readonly kind: Kind;
  readonly make: (texts: readonly Run[]) => Run;
}

const test = (of: (text: string, other: string) => boolean): TextFunction => ({
  arguments: 1,
  kind: 'bool',
  make:
    ([text, other]) =>
    (scope) =>
      of(text!(scope) as string, other!(scope) as string),
});
const change = (of: (text: string) => string): TextFunction => ({
  arguments: 0,
  kind: 'text',
  make:
    ([text]) =>
    (scope) =>
      of(text!(scope) as string),
});

const TEXT_FUNCTIONS: ReadonlyMap<string, TextFunction> = new Map([
  ['contains', test((text, part) => text.includes(part))],
  ['startsWith', test((text, part) => text.startsWith(part))],
  ['endsWith', test((text, part) => text.endsWith(part))],
  ['lowerAscii', change((text) => text.replace(/[A-Z]+/g, (found) => found.toLowerCase()))],
  ['upperAscii', change((text) => text.replace(/[a-z]+/g, (found) => found.toUpperCase()))],
  ['trim', change((text) => text.trim())],
]);

/** A call, with its receiver as the first argument. */
export const callOf = (
  translate: Compiler,
  node: ASTNode,
  name: string,
  args: readonly ASTNode[],
  names: Names,
): Compiled => {
  if (name === 'has') return has(translate, node, args, names);
  if (name === 'exists' || name === 'all') return quantified(translate, node, name, args, names);
  if (name === 'matches') return matches(translate, node, args, names);
  const found = TEXT_FUNCTIONS.get(name);
  if (!found && name !== 'size') throw refuse(node, `"${name}" is not available; there are ${AVAILABLE}`);
  const compiled = args.map((each) => translate(each, names));
  const steps = compiled.reduce((sum, each) => sum + each.steps, 1);
  if (!found) return size(node, compiled, steps);
  if (compiled.length !== found.arguments + 1 || compiled.some(({ kind }) => kind !== 'text'))
    throw refuse(node, `"${name}" is for texts, with ${found.arguments} argument(s)`);
  return { kind: found.kind, steps, run: found.make(compiled.map(({ run }) => run)) };
};

const size = (node: ASTNode, args: readonly Compiled[], steps: number): Compiled => {
  const [of] = args;
  if (args.length !== 1 || !of) throw refuse(node, '"size" has no arguments');
  if (of.kind === 'text')
    return {
      kind: 'number',
      steps,
      run: (scope) => {
        // CEL counts characters, JavaScript halves of them.
        let count = 0;
        for (const character of of.run(scope) as string) if (character) count++;
        return count;
      },
    };
  if (of.kind === 'map') return { kind: 'number', steps, run: (scope) => Object.keys(of.run(scope)).length };
  if (of.kind === 'list') return { kind: 'number', steps, run: () => of.length ?? 0 };
  throw refuse(node, '"size" is for texts, lists, prechat and contact');
};

/** True where a key is given, whatever its value. */
const has = (translate: Compiler, node: ASTNode, [of]: readonly ASTNode[], names: Names): Compiled => {
  if (of?.op !== '.') throw refuse(node, 'has is for a key, such as has(prechat.order)');
  const [map, key] = of.args;
  const compiled = map.op === 'id' ? translate(map, names) : undefined;
  if (compiled?.kind !== 'map') throw refuse(node, 'has is for keys of prechat and contact');
  return { kind: 'bool', steps: 2, run: (scope) => Object.hasOwn(compiled.run(scope) as object, key) };
};

const quantified = (
  translate: Compiler,
  node: ASTNode,
  name: 'exists' | 'all',
  [of, variable, condition]: readonly ASTNode[],
  names: Names,
): Compiled => {
  if (!of || variable?.op !== 'id' || !condition)
    throw refuse(node, `"${name}" is used as ["a", "b"].${name}(word, topic.contains(word))`);
  const list = translate(of, names);
  if (list.kind !== 'list' || !list.of) throw refuse(node, `"${name}" is for lists`);
  const index = names.bound.size;
  if (names.variables[variable.args] || names.bound.has(variable.args))
    throw refuse(variable, `"${variable.args}" means something already; choose another name`);
  const bound = new Map(names.bound).set(variable.args, { kind: list.of, index });
  const inner = translate(condition, { ...names, bound });
  if (inner.kind !== 'bool') throw refuse(condition, 'must be a condition');
  const until = name === 'exists';
  return {
    kind: 'bool',
    steps: list.steps + (list.length ?? 0) * (inner.steps + 1),
    run: (scope) => {
      for (const item of list.run(scope) as readonly (string | number)[]) {
        scope.items[index] = item;
        if (inner.run(scope) === until) return until;
      }
      return !until;
    },
  };
};

const matches = (translate: Compiler, node: ASTNode, args: readonly ASTNode[], names: Names): Compiled => {
  const [of, pattern] = args;
  if (!of || !pattern || args.length !== 2) throw refuse(node, '"matches" has one argument, the expression');
  const text = translate(of, names);
  if (text.kind !== 'text') throw refuse(of, '"matches" is for texts');
  const { constant } = translate(pattern, names);
  if (typeof constant !== 'string')
    throw refuse(pattern, 'a regular expression must be written out here, so that it can be checked now');
  const found = regularExpression(pattern, constant);
  return {
    kind: 'bool',
    steps: text.steps + STEPS_OF_MATCH,
    run: (scope) => found.test((text.run(scope) as string).slice(0, MOST_SEARCHED)),
  };
};

const regularExpression = (node: ASTNode, pattern: string): RE2JS => {
  if (pattern.length > MOST_PATTERN)
    throw refuse(node, `this regular expression is longer than ${MOST_PATTERN} characters`);
  let found: RE2JS;
  try {
    found = RE2JS.compile(pattern);
  } catch (error) {
    throw refuse(node, `not a regular expression by the rules of RE2 (${(error as Error).message})`);
  }
  if (found.programSize() > MOST_INSTRUCTIONS)
    throw refuse(
      node,
      'this regular expression is too large: use smaller counts in { }, or fewer alternatives',
    );
  return found;
};
