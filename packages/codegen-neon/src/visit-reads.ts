import type { Expression, Statement } from '@grim/kernels';

/** Parts of an expression, and whether each is a factor of a multiply-add. */
function partsOf(expression: Expression): [part: Expression, isFactor: boolean][] {
  switch (expression.op) {
    case 'constant':
    case 'read':
      return [];
    case 'unary':
    case 'splat':
    case 'lane':
    case 'convert':
    case 'bitcast':
      return [[expression.operand, false]];
    case 'binary':
    case 'compare':
    case 'shuffle':
      return [
        [expression.left, false],
        [expression.right, false],
      ];
    case 'select':
      return [
        [expression.mask, false],
        [expression.whenTrue, false],
        [expression.whenFalse, false],
      ];
    case 'multiplyAdd':
      return [
        [expression.left, true],
        [expression.right, true],
        [expression.addend, false],
      ];
    case 'load':
    case 'loadSplat':
    case 'loadStrided':
    case 'loadIndex16':
      return [[expression.address, false]];
  }
}

/** Is told of a name that is read, and whether it is a factor of a multiply-add there. */
export type VisitName = (name: string, isFactor: boolean) => void;

/** Calls `visit` for every name in an expression. */
export function namesIn(expression: Expression, isFactor: boolean, visit: VisitName): void {
  if (expression.op === 'read') visit(expression.name, isFactor);
  for (const [part, factor] of partsOf(expression)) namesIn(part, factor, visit);
}

/** Calls `visit` for every name that is read in the statements. */
export function visitReads(statements: readonly Statement[], visit: VisitName): void {
  const inValue = (value: Expression): void => {
    namesIn(value, false, visit);
  };
  for (const statement of statements) {
    switch (statement.kind) {
      case 'comment':
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
