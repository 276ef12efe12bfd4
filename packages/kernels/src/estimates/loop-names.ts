import type { Statement } from '../kernel-ir/types.ts';

type Loop = Extract<Statement, { kind: 'loop' }>;

/** What the body of a loop does to names of integers. */
export interface LoopNames {
  /** Names that live on from turn to turn, with what every turn adds to them where that is all that happens to them. */
  readonly carried: ReadonlyMap<string, number | undefined>;
  /** Names that a walk of the body changes, the index of the loop among them. */
  readonly changed: readonly string[];
}

/** What a turn adds to a name: the constant of `name = name + constant`, else `undefined`. */
function increment(statement: Statement): number | undefined {
  if (statement.kind !== 'assign' || statement.value.op !== 'binary') return undefined;
  const { operation, left, right } = statement.value;
  const isSum = operation === 'add' && left.op === 'read' && left.name === statement.name;
  return isSum && right.op === 'constant' ? right.value : undefined;
}

/** Finds the names of integers that a loop changes, and those that it only moves on by a constant. */
export function loopNames(loop: Loop): LoopNames {
  const declared = new Set([loop.name]);
  const assignments = new Map<string, number>();
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'declare' && statement.type === 'i32') declared.add(statement.name);
      if (statement.kind === 'assign' && statement.type === 'i32') {
        assignments.set(statement.name, (assignments.get(statement.name) ?? 0) + 1);
      }
      if (statement.kind === 'loop') {
        declared.add(statement.name);
        visit(statement.body);
      }
      if (statement.kind === 'if') {
        visit(statement.then);
        visit(statement.otherwise);
      }
    }
  };
  visit(loop.body);
  const carried = new Map<string, number | undefined>();
  for (const [name, count] of assignments) {
    if (declared.has(name)) continue;
    const steps = loop.body.filter((statement) => statement.kind === 'assign' && statement.name === name);
    const [step] = steps;
    // An assignment inside a nested loop or branch is not made exactly once in a turn.
    carried.set(name, count === 1 && step ? increment(step) : undefined);
  }
  return { carried, changed: [...declared, ...carried.keys()] };
}
