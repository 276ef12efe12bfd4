import { GrimError } from '../errors.ts';
import { elementCount, zeros, type Shape, type Tensor } from '../tensor.ts';
import { valueAt } from './elements.ts';
import { requireAxis, requireOperand, requireShape } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/**
 * Normalises the trailing axes of a tensor to mean 0 and variance 1, then scales and shifts each element.
 *
 * Operands: `x [...outer, ...inner]`, `scale [...inner]`, `bias [...inner]?`. Result: `y` of the shape of `x`.
 */
export interface LayerNormOperator {
  readonly kind: 'layerNorm';
  /** First of the axes that are normalised together, from 0 to rank − 1. */
  readonly axis: number;
  /** Added to the variance, which may be 0. */
  readonly epsilon: number;
}

function inferShapes(op: LayerNormOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const x = requireOperand(inputs, 0, 'x');
  requireAxis(op.axis, x);
  if (!(op.epsilon >= 0)) throw new GrimError(`attribute epsilon must not be negative, got ${op.epsilon}`);
  const inner = x.slice(op.axis);
  requireShape(requireOperand(inputs, 1, 'scale'), inner, 'scale');
  requireShape(inputs[2], inner, 'bias');
  return [x];
}

function reference(op: LayerNormOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const scale = requireOperand(inputs, 1, 'scale');
  const bias = inputs[2];
  inferShapes(
    op,
    inputs.map((tensor) => tensor?.shape ?? null),
  );
  const output = zeros(x.shape);
  const extent = elementCount(x.shape.slice(op.axis));
  for (let start = 0; start < x.data.length; start += extent) {
    const row = x.data.subarray(start, start + extent);
    const mean = row.reduce((sum, value) => sum + value, 0) / extent;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / extent;
    const factor = 1 / Math.sqrt(variance + op.epsilon);
    row.forEach((value, index) => {
      const shift = bias ? valueAt(bias.data, index) : 0;
      output.data[start + index] = (value - mean) * factor * valueAt(scale.data, index) + shift;
    });
  }
  return [output];
}

/** `y = (x − mean) / √(variance + ε) · scale + bias` over trailing axes. */
export const layerNorm: OperatorDefinition<LayerNormOperator> = {
  kind: 'layerNorm',
  operands: ['x', 'scale', 'bias?'],
  results: ['y'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
