import { operandsOf } from './operands-of.ts';
import type { Expression, Kernel, Statement } from './types.ts';

function ofOperator(expression: Expression): number {
  switch (expression.op) {
    case 'constant':
    case 'read':
      return 0;
    case 'multiplyAdd':
      // Strict code multiplies, then adds.
      return 2;
    case 'loadStrided':
      return expression.lanes;
    default:
      return 1;
  }
}

function ofExpression(expression: Expression): number {
  return operandsOf(expression).reduce((sum, operand) => sum + ofExpression(operand), ofOperator(expression));
}

function ofStatement(statement: Statement): number {
  switch (statement.kind) {
    case 'comment':
      return 0;
    case 'assign':
    case 'declare':
      return ofExpression(statement.value);
    case 'store':
      return 1 + ofExpression(statement.address) + ofExpression(statement.value);
    case 'loop': {
      const { from, to, step, body } = statement;
      const isKnown = from.op === 'constant' && to.op === 'constant';
      // Count, compare and branch.
      return (isKnown ? Math.ceil((to.value - from.value) / step) : 1) * (3 + ofStatements(body));
    }
    case 'external':
      // What it does is not known.
      return 1;
    case 'if':
      return (
        1 +
        ofExpression(statement.condition) +
        Math.max(ofStatements(statement.then), ofStatements(statement.otherwise))
      );
  }
}

function ofStatements(statements: readonly Statement[]): number {
  return statements.reduce((sum, statement) => sum + ofStatement(statement), 0);
}

/**
 * About how many operations one call of a kernel executes: arithmetic, loads and stores, one of a vector as one of a
 * scalar. A loop whose end is read from memory counts as one turn, so for sparse kernels this is too few.
 */
export function countOperations(kernel: Kernel): number {
  return ofStatements(kernel.body);
}
