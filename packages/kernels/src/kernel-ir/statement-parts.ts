import type { Expression, Statement } from './types.ts';

/** The expressions of a statement itself; those of statements inside it are not among them. */
export function valuesOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'comment':
    case 'external':
      return [];
    case 'declare':
    case 'assign':
      return [statement.value];
    case 'store':
      return [statement.address, statement.value];
    case 'loop':
      return [statement.from, statement.to];
    case 'if':
      return [statement.condition];
  }
}

/** The statements inside a statement: the body of a loop, both sides of a branch. */
export function statementsIn(statement: Statement): readonly Statement[] {
  if (statement.kind === 'loop') return statement.body;
  return statement.kind === 'if' ? [...statement.then, ...statement.otherwise] : [];
}
