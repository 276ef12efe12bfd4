import { GrimError } from '../errors.ts';
import { elementCount, formatShape, zeros, type Shape, type Tensor } from '../tensor.ts';
import { requireAxis, requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/** Joins its operands along one axis. */
export interface ConcatOperator {
  readonly kind: 'concat';
  /** Axis from 0 to rank − 1. */
  readonly axis: number;
}

function inferShapes(op: ConcatOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const first = requireOperand(inputs, 0, 'x0');
  requireAxis(op.axis, first);
  let joined = 0;
  inputs.forEach((_, position) => {
    const shape = requireOperand(inputs, position, `x${position}`);
    const fits =
      shape.length === first.length &&
      shape.every((extent, axis) => axis === op.axis || extent === first[axis]);
    if (!fits) {
      throw new GrimError(
        `concat along axis ${op.axis} cannot join ${formatShape(first)} and ${formatShape(shape)}`,
      );
    }
    joined += shape[op.axis] ?? 0;
  });
  return [first.map((extent, axis) => (axis === op.axis ? joined : extent))];
}

function reference(op: ConcatOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const tensors = inputs.map((_, position) => requireOperand(inputs, position, `x${position}`));
  const [shape = []] = inferShapes(
    op,
    tensors.map((tensor) => tensor.shape),
  );
  const output = zeros(shape);
  const outer = elementCount(shape.slice(0, op.axis));
  const outputRun = elementCount(shape.slice(op.axis));
  let start = 0;
  for (const tensor of tensors) {
    const run = elementCount(tensor.shape.slice(op.axis));
    for (let o = 0; o < outer; o++) {
      output.data.set(tensor.data.subarray(o * run, (o + 1) * run), o * outputRun + start);
    }
    start += run;
  }
  return [output];
}

/** Concatenation along one axis; all other extents agree. */
export const concat: OperatorDefinition<ConcatOperator> = {
  kind: 'concat',
  operands: ['...x'],
  results: ['y'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
