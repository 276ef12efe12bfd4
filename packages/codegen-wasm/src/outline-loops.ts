import {
  operandsOf,
  statementsIn,
  valuesOf,
  type Expression,
  type Kernel,
  type Statement,
  type ValueType,
} from '@grim/kernels';

/** A name with its type. */
export interface TypedName {
  readonly name: string;
  readonly type: ValueType;
}

/** The first statements of a loop, as a function of their own. */
export interface OutlinedLoops {
  readonly functionName: string;
  /** How many statements are in the function. */
  readonly count: number;
  /** Variables that the statements use. */
  readonly parameters: readonly TypedName[];
  /** The variable that they change, if there is one. */
  readonly result?: TypedName;
}

/** Outlined statements by the body of the loop that they were in. */
export type OutlinedByBody = ReadonlyMap<readonly Statement[], OutlinedLoops>;

/**
 * Innermost loops side by side from which on they become a function: with fewer the code is small in any case.
 */
const LEAST_LOOPS = 4;

/** Loops around from which on they do. */
const LEAST_DEPTH = 2;

const containsLoop = (statement: Statement): boolean =>
  statementsIn(statement).some((inner) => inner.kind === 'loop' || containsLoop(inner));

const isInnermost = (statement: Statement): boolean => statement.kind === 'loop' && !containsLoop(statement);

/** Names in statements, with everything inside them. */
interface Names {
  readonly read: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
  /** Names that the statements introduce. */
  readonly introduced: ReadonlyMap<string, ValueType>;
}

function namesIn(all: readonly Statement[]): Names {
  const read = new Set<string>();
  const assigned = new Set<string>();
  const introduced = new Map<string, ValueType>();
  const inValue = (value: Expression): void => {
    if (value.op === 'read') read.add(value.name);
    operandsOf(value).forEach(inValue);
  };
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'declare') introduced.set(statement.name, statement.type);
      if (statement.kind === 'loop') introduced.set(statement.name, 'i32');
      if (statement.kind === 'assign') assigned.add(statement.name);
      valuesOf(statement).forEach(inValue);
      visit(statementsIn(statement));
    }
  };
  visit(all);
  return { read, assigned, introduced };
}

/**
 * Finds loop bodies with many innermost loops side by side, deep inside others, whose statements around these loops are to be
 * a function.
 *
 * Engines repeat the body of an innermost loop several times, the more often the deeper the loop is nested in its function, and
 * give every loop a copy of its first turn. Code of many such loops then fits neither the cache of instructions nor that of
 * decoded ones: the loops of a convolution by row subsets were measured to take 42 KB and up to 1.7 times as long. In a
 * function of their own they are not deep.
 */
export function outlineLoops(kernel: Kernel): OutlinedByBody {
  const types = namesIn(kernel.body).introduced;
  const outlined = new Map<readonly Statement[], OutlinedLoops>();

  const outline = (body: readonly Statement[]): void => {
    if (body.filter(isInnermost).length < LEAST_LOOPS) return;
    // As many statements as can be a function: it may change one variable of what is around it.
    const leastCount = body.findLastIndex(isInnermost) + 1;
    for (let count = body.length; count >= leastCount; count--) {
      const inside = namesIn(body.slice(0, count));
      const after = namesIn(body.slice(count));
      const isOutside = (name: string): boolean => !inside.introduced.has(name);
      const results = [
        ...[...inside.assigned].filter(isOutside),
        ...[...inside.introduced.keys()].filter((name) => after.read.has(name) || after.assigned.has(name)),
      ];
      if (results.length > 1) continue;
      const typed = (name: string): TypedName => ({ name, type: types.get(name) ?? 'i32' });
      const [result] = results.map(typed);
      outlined.set(body, {
        functionName: `${kernel.name}.loops${outlined.size === 0 ? '' : String(outlined.size)}`,
        count,
        parameters: [...new Set([...inside.read, ...inside.assigned])].filter(isOutside).map(typed),
        ...(result && { result }),
      });
      return;
    }
  };
  const visit = (statements: readonly Statement[], depth: number): void => {
    if (depth >= LEAST_DEPTH) outline(statements);
    for (const statement of statements) {
      if (statement.kind === 'loop') visit(statement.body, depth + 1);
      if (statement.kind === 'if') {
        visit(statement.then, depth);
        visit(statement.otherwise, depth);
      }
    }
  };
  visit(kernel.body, 0);
  return outlined;
}
