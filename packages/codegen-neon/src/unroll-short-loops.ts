import { visitReads } from '@grim/codegen-c';
import {
  add,
  integer,
  mapOperands,
  operandsOf,
  statementsIn,
  type Expression,
  type Kernel,
  type Statement,
} from '@grim/kernels';

type Loop = Extract<Statement, { kind: 'loop' }>;

/** Copies of a body in one turn. */
const COPIES = 4;

/** Operations of a body that is short: the three instructions of a turn are a good part of it. */
const SHORT = 12;

const sizeOf = (expression: Expression): number =>
  (expression.op === 'read' || expression.op === 'constant' ? 0 : 1) +
  operandsOf(expression).reduce((sum, operand) => sum + sizeOf(operand), 0);

/** Operations of a straight piece of code; infinitely many where it is none. */
function bodySize(body: readonly Statement[]): number {
  return body.reduce((sum, statement) => {
    switch (statement.kind) {
      case 'comment':
        return sum;
      case 'declare':
      case 'assign':
        return sum + sizeOf(statement.value);
      case 'store':
        return sum + 1 + sizeOf(statement.value) + sizeOf(statement.address);
      case 'external':
      case 'loop':
      case 'if':
        return Infinity;
    }
  }, 0);
}

/** A sum as what is not constant in it, if anything is, and the rest. */
function splitSum(sum: Expression): { variable: Expression | undefined; constant: number } {
  if (sum.op === 'constant') return { variable: undefined, constant: sum.value };
  if (sum.op !== 'binary' || sum.operation !== 'add') return { variable: sum, constant: 0 };
  const left = splitSum(sum.left);
  const right = splitSum(sum.right);
  const variable =
    left.variable && right.variable ? add(left.variable, right.variable) : (left.variable ?? right.variable);
  return { variable, constant: left.constant + right.constant };
}

/** Constants of an address are part of its offset: then renderers see which loads are neighbours. */
function withConstantOffset<Access extends { readonly address: Expression; readonly offset: number }>(
  access: Access,
): Access {
  const { variable, constant } = splitSum(access.address);
  return { ...access, address: variable ?? integer(0), offset: access.offset + constant };
}

/** An expression with others in place of some names. */
function substituted(expression: Expression, values: ReadonlyMap<string, Expression>): Expression {
  if (expression.op === 'read') return values.get(expression.name) ?? expression;
  const result = mapOperands(expression, (operand) => substituted(operand, values));
  return 'address' in result ? withConstantOffset(result) : result;
}

/** One copy of a body: its declarations get names of their own. */
function copyOf(
  body: readonly Statement[],
  loop: Loop,
  index: Expression,
  freshName: (name: string) => string,
): Statement[] {
  const values = new Map<string, Expression>([[loop.name, index]]);
  const names = new Map<string, string>();
  return body.map((statement): Statement => {
    switch (statement.kind) {
      case 'declare': {
        const value = substituted(statement.value, values);
        const name = freshName(statement.name);
        names.set(statement.name, name);
        values.set(statement.name, { op: 'read', type: statement.type, name });
        return { ...statement, name, value };
      }
      case 'assign':
        return {
          ...statement,
          name: names.get(statement.name) ?? statement.name,
          value: substituted(statement.value, values),
        };
      case 'store':
        return withConstantOffset({
          ...statement,
          address: substituted(statement.address, values),
          value: substituted(statement.value, values),
        });
      default:
        return statement;
    }
  });
}

function unrolled(loop: Loop, freshName: (name: string) => string): Statement[] {
  const { name, from, to, step, body } = loop;
  if (from.op !== 'constant' || to.op !== 'constant' || bodySize(body) > SHORT) return [loop];
  const turns = Math.ceil((to.value - from.value) / step);
  if (turns < COPIES) return [loop];
  const copies = (count: number, start: Expression): Statement[] =>
    Array.from({ length: count }, (_, copy) =>
      copyOf(body, loop, add(start, integer(copy * step)), freshName),
    ).flat();
  if (turns < 2 * COPIES) return copies(turns, from);
  const rest = integer(from.value + (turns - (turns % COPIES)) * step);
  const turn = copies(COPIES, { op: 'read', type: 'i32', name });
  return [{ ...loop, to: rest, step: step * COPIES, body: turn }, ...copies(turns % COPIES, rest)];
}

function unrolledIn(statements: readonly Statement[], freshName: (name: string) => string): Statement[] {
  return statements.flatMap((statement): Statement[] => {
    switch (statement.kind) {
      case 'loop': {
        const inner = unrolledIn(statement.body, freshName);
        return unrolled({ ...statement, body: inner }, freshName);
      }
      case 'if':
        return [
          {
            ...statement,
            then: unrolledIn(statement.then, freshName),
            otherwise: unrolledIn(statement.otherwise, freshName),
          },
        ];
      default:
        return [statement];
    }
  });
}

function namesOf(statements: readonly Statement[], names: Set<string>): void {
  for (const statement of statements) {
    if (statement.kind === 'declare' || statement.kind === 'loop') names.add(statement.name);
    namesOf(statementsIn(statement), names);
  }
}

/**
 * Takes several turns of short loops at once, in their order, where how many turns there are is known. Compilers leave such loops
 * alone unless they are told for which processor they compile, and that may be any.
 */
export function unrollShortLoops(kernel: Kernel): Kernel {
  const names = new Set<string>();
  namesOf(kernel.body, names);
  visitReads(kernel.body, (name) => names.add(name));
  const freshName = (name: string): string => {
    for (let number = names.size; ; number++) {
      const fresh = `${name}_${String(number)}`;
      if (names.has(fresh)) continue;
      names.add(fresh);
      return fresh;
    }
  };
  return { ...kernel, body: unrolledIn(kernel.body, freshName) };
}
