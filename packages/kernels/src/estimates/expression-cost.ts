import { operandsOf } from '../kernel-ir/operands-of.ts';
import type { Expression, Statement } from '../kernel-ir/types.ts';
import { elementBytes, isFloat, valueTypes } from '../kernel-ir/value-types.ts';

/** A load, or a store with the type of its value. */
export interface Access {
  readonly buffer: string;
  readonly address: Expression;
  readonly offset: number;
  /** Bytes of one piece, how many pieces there are, and the bytes from one to the next. */
  readonly bytes: number;
  readonly pieces: number;
  readonly stride: number;
}

/** What evaluating expressions once costs. */
export interface Cost {
  readonly multiplyAdds: number;
  readonly otherOperations: number;
  readonly loads: readonly Access[];
}

function accessOf(expression: Expression): Access | undefined {
  switch (expression.op) {
    case 'load':
      return {
        ...expression,
        bytes: valueTypes[expression.type].lanes * elementBytes(expression),
        pieces: 1,
        stride: 0,
      };
    case 'loadSplat':
      return { ...expression, bytes: elementBytes(expression), pieces: 1, stride: 0 };
    case 'loadIndex16':
      return { ...expression, bytes: 2, pieces: 1, stride: 0 };
    case 'loadStrided':
      return { ...expression, bytes: elementBytes(expression), pieces: expression.lanes };
    default:
      return undefined;
  }
}

/** Whether an expression is arithmetic on floats other than a multiply-add; moves, selections and conversions are none. */
function isOtherOperation(expression: Expression): boolean {
  if (expression.op === 'unary' || expression.op === 'binary') return isFloat(expression.type);
  return expression.op === 'compare' && isFloat(expression.left.type);
}

/** What evaluating an expression costs, with its operands as often as they stand in it. */
export function expressionCost(root: Expression): Cost {
  let multiplyAdds = 0;
  let otherOperations = 0;
  const loads: Access[] = [];
  const visit = (expression: Expression): void => {
    const { lanes } = valueTypes[expression.type];
    if (expression.op === 'multiplyAdd') multiplyAdds += lanes;
    else if (isOtherOperation(expression)) otherOperations += lanes;
    const access = accessOf(expression);
    if (access) loads.push(access);
    operandsOf(expression).forEach(visit);
  };
  visit(root);
  return { multiplyAdds, otherOperations, loads };
}

/** The write of a store. */
export function storeAccess(statement: Extract<Statement, { kind: 'store' }>): Access {
  const { buffer, address, offset, memory, value } = statement;
  const bytes = valueTypes[value.type].lanes * elementBytes({ type: value.type, memory });
  return { buffer, address, offset, bytes, pieces: 1, stride: 0 };
}
