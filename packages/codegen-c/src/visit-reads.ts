import { operandsOf, statementsIn, valuesOf, type Expression, type Statement } from '@grim/kernels';

/** Is told of a name that is read, and whether it is a factor of a multiply-add there. */
export type VisitName = (name: string, isFactor: boolean) => void;

/** Calls `visit` for every name in an expression. */
export function namesIn(expression: Expression, isFactor: boolean, visit: VisitName): void {
  if (expression.op === 'read') visit(expression.name, isFactor);
  operandsOf(expression).forEach((operand, index) => {
    // The third operand of a multiply-add is the addend.
    namesIn(operand, expression.op === 'multiplyAdd' && index < 2, visit);
  });
}

/** Whether an expression reads a name. */
export function readsName(expression: Expression, name: string): boolean {
  let isRead = false;
  namesIn(expression, false, (read) => {
    isRead ||= read === name;
  });
  return isRead;
}

/** Calls `visit` for every name that is read in the statements. */
export function visitReads(statements: readonly Statement[], visit: VisitName): void {
  for (const statement of statements) {
    for (const value of valuesOf(statement)) namesIn(value, false, visit);
    visitReads(statementsIn(statement), visit);
  }
}
