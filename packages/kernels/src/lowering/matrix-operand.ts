import { elementCount, type BcrSpec, type Node, type ScheduleRecord } from '@grim/ir';
import type { Matrix } from '@grim/bcr';

import { operand, type LoweringContext } from './lowering-context.ts';

/** A constant weight operand seen as a matrix, with its layerwise representation. */
export interface MatrixOperand {
  readonly matrix: Matrix;
  readonly bcr?: BcrSpec;
  readonly schedule?: ScheduleRecord;
}

/** The weight at an operand position as a matrix with one row per output; refuses weights that are not constant. */
export function matrixOperand(
  context: LoweringContext,
  node: Omit<Node, 'op'>,
  input: number,
): MatrixOperand {
  const name = operand(node, input);
  const tensor = context.graph.constants.get(name);
  if (!tensor) throw context.refuse(`weight ${name} is not constant`);
  context.requireRange(tensor.data);
  const rows = tensor.shape[0] ?? 1;
  const spec = node.weights?.find((weight) => weight.input === input);
  return {
    matrix: { rows, columns: elementCount(tensor.shape.slice(1)), values: tensor.data },
    ...(spec?.bcr ? { bcr: spec.bcr } : {}),
    ...(spec?.schedule ? { schedule: spec.schedule } : {}),
  };
}

/** Some rows of a matrix operand. */
export function matrixRows(operand: MatrixOperand, first: number, count: number): MatrixOperand {
  const { columns, values } = operand.matrix;
  return {
    ...operand,
    matrix: { rows: count, columns, values: values.subarray(first * columns, (first + count) * columns) },
  };
}
