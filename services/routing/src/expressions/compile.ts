import type { ASTNode } from '@marcbachmann/cel-js';
import { callOf } from './functions.js';
import { literal, pick, refuse, type Compiled, type Compiler, type Names, type Run } from './nodes.js';
import { VARIABLES, type Declared, type Place } from './variables.js';

/** Steps that one evaluation may take: nodes, those inside exists and all once an element, regular expressions more. */
const MOST_STEPS = 2_000;

/**
 * Turns a parsed and type-checked expression into a function. Only what can neither fail nor take long has a translation
 * here; everything else is refused with its position.
 */
export const compile = (ast: ASTNode, place: Place): Compiled => {
  const names: Names = { variables: VARIABLES[place], bound: new Map() };
  const compiled = translate(ast, names);
  if (compiled.kind !== 'bool')
    throw refuse(ast, 'must be true or false in the end; compare it with something');
  if (compiled.steps > MOST_STEPS)
    throw refuse(
      ast,
      `would take up to ${compiled.steps} steps; ${MOST_STEPS} are allowed: use shorter lists`,
    );
  return compiled;
};

const translate: Compiler = (node, names) => {
  switch (node.op) {
    case 'value':
      return literal(node, node.args);
    case 'id':
      return variable(node, node.args, names);
    case '.':
      return field(node, node.args[0], node.args[1], names);
    case '[]':
      return element(node, node.args, names);
    case 'list':
      return list(node.args, names);
    case '!_': {
      const inner = expect(node.args, names, 'bool');
      return { kind: 'bool', steps: inner.steps + 1, run: (scope) => inner.run(scope) !== true };
    }
    case '-_': {
      const inner = expect(node.args, names, 'number');
      return { kind: 'number', steps: inner.steps + 1, run: (scope) => -(inner.run(scope) as number) };
    }
    case '?:':
      return choice(node, node.args, names);
    case '&&':
      return both(
        node.args,
        names,
        (left, right) => (scope) => left(scope) === true && right(scope) === true,
      );
    case '||':
      return both(
        node.args,
        names,
        (left, right) => (scope) => left(scope) === true || right(scope) === true,
      );
    case '==':
      return equal(node, node.args, names, true);
    case '!=':
      return equal(node, node.args, names, false);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordered(node, node.args, names, ORDERS[node.op]);
    case '+':
    case '-':
      return sum(node, node.args, names, node.op);
    case 'in':
      return within(node, node.args, names);
    case 'call':
      return callOf(translate, node, node.args[0], node.args[1], names);
    case 'rcall':
      return callOf(translate, node, node.args[0], [node.args[1], ...node.args[2]], names);
    case '*':
    case '/':
    case '%':
      throw refuse(node, `${node.op} is not available, since it can fail; write the result instead`);
    case 'map':
    case '.?':
    case '[?]':
      throw refuse(node, 'this is not available here');
  }
};

const expect = (node: ASTNode, names: Names, kind: Compiled['kind']): Compiled => {
  const compiled = translate(node, names);
  if (compiled.kind !== kind) throw refuse(node, `must be a ${kind}, and is a ${compiled.kind}`);
  return compiled;
};

const variable = (node: ASTNode, name: string, { variables, bound }: Names): Compiled => {
  const slot = bound.get(name);
  if (slot) return { kind: slot.kind, steps: 1, run: ({ items }) => items[slot.index]! };
  const declared: Declared | undefined = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (!declared) throw refuse(node, `there is no "${name}"; there are ${Object.keys(variables).join(', ')}`);
  if (declared.kind === 'record')
    throw refuse(node, `"${name}" has parts; name one of ${Object.keys(declared.fields ?? {}).join(', ')}`);
  return { kind: declared.kind, steps: 1, run: ({ values }) => values[name] ?? '' };
};

const field = (node: ASTNode, of: ASTNode, name: string, names: Names): Compiled => {
  const record = of.op === 'id' && !names.bound.has(of.args) ? names.variables[of.args] : undefined;
  if (record?.fields) {
    const kind = Object.hasOwn(record.fields, name) ? record.fields[name] : undefined;
    if (!kind)
      throw refuse(node, `there is no "${name}"; there are ${Object.keys(record.fields).join(', ')}`);
    const of_ = of.args as string;
    return { kind, steps: 1, run: ({ values }) => pick(values[of_], name) ?? '' };
  }
  const map = expect(of, names, 'map');
  return { kind: 'text', steps: map.steps + 1, run: (scope) => pick(map.run(scope), name) ?? '' };
};

const element = (node: ASTNode, [of, key]: readonly [ASTNode, ASTNode], names: Names): Compiled => {
  const map = translate(of, names);
  if (map.kind !== 'map') throw refuse(node, '[ ] is for prechat and contact only');
  const text = expect(key, names, 'text');
  return {
    kind: 'text',
    steps: map.steps + text.steps + 1,
    run: (scope) => pick(map.run(scope), text.run(scope) as string) ?? '',
  };
};

const list = (elements: readonly ASTNode[], names: Names): Compiled => {
  const compiled = elements.map((each) => translate(each, names));
  const kind = compiled[0]?.kind ?? 'text';
  for (const [i, each] of compiled.entries())
    if (each.kind !== kind || (kind !== 'text' && kind !== 'number'))
      throw refuse(elements[i]!, 'a list has texts only, or numbers only');
  const steps = compiled.reduce((sum, each) => sum + each.steps, 1);
  const runs = compiled.map((each) => each.run);
  // Most lists are constant: made once, not at every evaluation.
  if (compiled.every((each) => each.constant !== undefined)) {
    const values = compiled.map((each) => each.constant as string);
    return { kind: 'list', of: kind, length: runs.length, steps: 1, run: () => values };
  }
  return {
    kind: 'list',
    of: kind,
    length: runs.length,
    steps,
    run: (scope) => runs.map((run) => run(scope)) as string[],
  };
};

const choice = (
  node: ASTNode,
  [when, then, otherwise]: readonly [ASTNode, ASTNode, ASTNode],
  names: Names,
): Compiled => {
  const [condition, left, right] = [
    expect(when, names, 'bool'),
    translate(then, names),
    translate(otherwise, names),
  ];
  if (left.kind !== right.kind || left.kind === 'list' || left.kind === 'map')
    throw refuse(node, 'both sides of ":" must be texts, numbers, or conditions');
  return {
    kind: left.kind,
    steps: condition.steps + Math.max(left.steps, right.steps) + 1,
    run: (scope) => (condition.run(scope) === true ? left.run(scope) : right.run(scope)),
  };
};

const both = (
  [l, r]: readonly [ASTNode, ASTNode],
  names: Names,
  join: (left: Run, right: Run) => Run,
): Compiled => {
  const [left, right] = [expect(l, names, 'bool'), expect(r, names, 'bool')];
  return { kind: 'bool', steps: left.steps + right.steps + 1, run: join(left.run, right.run) };
};

const equal = (node: ASTNode, [l, r]: readonly [ASTNode, ASTNode], names: Names, same: boolean): Compiled => {
  const [left, right] = [translate(l, names), translate(r, names)];
  if (left.kind !== right.kind || left.kind === 'list' || left.kind === 'map')
    throw refuse(node, 'compares two texts, two numbers or two conditions');
  return {
    kind: 'bool',
    steps: left.steps + right.steps + 1,
    run: (scope) => (left.run(scope) === right.run(scope)) === same,
  };
};

type Comparable = string | number;
const ORDERS: Readonly<Record<'<' | '<=' | '>' | '>=', (a: Comparable, b: Comparable) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const ordered = (
  node: ASTNode,
  [l, r]: readonly [ASTNode, ASTNode],
  names: Names,
  compare: (a: Comparable, b: Comparable) => boolean,
): Compiled => {
  const [left, right] = [translate(l, names), translate(r, names)];
  if (left.kind !== right.kind || (left.kind !== 'text' && left.kind !== 'number'))
    throw refuse(node, 'compares two numbers or two texts');
  return {
    kind: 'bool',
    steps: left.steps + right.steps + 1,
    run: (scope) => compare(left.run(scope) as Comparable, right.run(scope) as Comparable),
  };
};

const sum = (node: ASTNode, [l, r]: readonly [ASTNode, ASTNode], names: Names, op: '+' | '-'): Compiled => {
  const [left, right] = [translate(l, names), translate(r, names)];
  const steps = left.steps + right.steps + 1;
  if (left.kind === 'text' && right.kind === 'text' && op === '+')
    return {
      kind: 'text',
      steps,
      run: (scope) => `${left.run(scope) as string}${right.run(scope) as string}`,
    };
  if (left.kind !== 'number' || right.kind !== 'number') throw refuse(node, `${op} is for two numbers`);
  const sign = op === '+' ? 1 : -1;
  return {
    kind: 'number',
    steps,
    run: (scope) => (left.run(scope) as number) + sign * (right.run(scope) as number),
  };
};

const within = (node: ASTNode, [l, r]: readonly [ASTNode, ASTNode], names: Names): Compiled => {
  const [item, of] = [translate(l, names), translate(r, names)];
  if (of.kind === 'map' && item.kind === 'text')
    return {
      kind: 'bool',
      steps: item.steps + of.steps + 1,
      run: (scope) => pick(of.run(scope), item.run(scope) as string) !== undefined,
    };
  if (of.kind !== 'list' || (of.length && of.of !== item.kind))
    throw refuse(
      node,
      '"in" looks for a text or number in a list of such, or for a key in prechat or contact',
    );
  return {
    kind: 'bool',
    steps: item.steps + of.steps + (of.length ?? 0),
    run: (scope) => (of.run(scope) as Comparable[]).includes(item.run(scope) as Comparable),
  };
};
