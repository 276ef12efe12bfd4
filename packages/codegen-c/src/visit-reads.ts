import { operandsOf, type Expression, type Statement } from '@grim/kernels';

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

/** Calls `visit` for every name that is read in the statements. */
export function visitReads(statements: readonly Statement[], visit: VisitName): void {
  const inValue = (value: Expression): void => {
    namesIn(value, false, visit);
  };
  for (const statement of statements) {
    switch (statement.kind) {
      case 'comment':
      case 'external':
        break;
      case 'declare':
      case 'assign':
        inValue(statement.value);
        break;
      case 'store':
        inValue(statement.address);
        inValue(statement.value);
        break;
      case 'loop':
        inValue(statement.from);
        inValue(statement.to);
        visitReads(statement.body, visit);
        break;
      case 'if':
        inValue(statement.condition);
        visitReads(statement.then, visit);
        visitReads(statement.otherwise, visit);
        break;
    }
  }
}
