import { operandsOf } from '../kernel-ir/operands-of.ts';
import type { Expression, Statement, ValueType } from '../kernel-ir/types.ts';

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

const isVector = (type: ValueType): boolean => type === 'f32x4' || type === 'i32x4';
const isFloat = (type: ValueType): boolean => type === 'f32' || type === 'f32x4';

/** Bytes that a value of a type takes in memory. */
export const bytesOf = (type: ValueType): number => (isVector(type) ? 16 : 4);

function accessOf(expression: Expression): Access | undefined {
  switch (expression.op) {
    case 'load':
      return { ...expression, bytes: bytesOf(expression.type), pieces: 1, stride: 0 };
    case 'loadSplat':
      return { ...expression, bytes: 4, pieces: 1, stride: 0 };
    case 'loadIndex16':
      return { ...expression, bytes: 2, pieces: 1, stride: 0 };
    case 'loadStrided':
      return { ...expression, bytes: 4, pieces: expression.lanes };
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
    const lanes = isVector(expression.type) ? 4 : 1;
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
  const { buffer, address, offset, value } = statement;
  return { buffer, address, offset, bytes: bytesOf(value.type), pieces: 1, stride: 0 };
}
