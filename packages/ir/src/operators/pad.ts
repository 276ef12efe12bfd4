import { GrimError } from '../errors.ts';
import { formatShape, rowMajorStrides, zeros, type Shape, type Tensor } from '../tensor.ts';
import { forEachIndex, valueAt } from './elements.ts';
import { requireIntegers, requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/** Extends a tensor at its borders. */
export interface PadOperator {
  readonly kind: 'pad';
  /** `edge` repeats the border element; `reflect` mirrors at it without repeating it. */
  readonly mode: 'constant' | 'edge' | 'reflect';
  /** Elements added before each dimension. */
  readonly begin: readonly number[];
  /** Elements added after each dimension. */
  readonly end: readonly number[];
  /** Value of the new elements in mode `constant`. */
  readonly value: number;
}

function inferShapes(op: PadOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const x = requireOperand(inputs, 0, 'x');
  requireIntegers(op.begin, x.length, 0, 'begin');
  requireIntegers(op.end, x.length, 0, 'end');
  if (
    op.mode === 'reflect' &&
    x.some((extent, axis) => Math.max(valueAt(op.begin, axis), valueAt(op.end, axis)) >= extent)
  ) {
    throw new GrimError(
      `reflection by ${formatShape(op.begin)} before and ${formatShape(op.end)} after needs larger extents than ` +
        formatShape(x),
    );
  }
  return [x.map((extent, axis) => valueAt(op.begin, axis) + extent + valueAt(op.end, axis))];
}

/** The index that supplies position `index` of an axis, or `undefined` where the constant does. */
function sourceIndex(mode: PadOperator['mode'], index: number, extent: number): number | undefined {
  if (index >= 0 && index < extent) return index;
  switch (mode) {
    case 'constant':
      return undefined;
    case 'edge':
      return index < 0 ? 0 : extent - 1;
    case 'reflect':
      return index < 0 ? -index : 2 * (extent - 1) - index;
  }
}

function reference(op: PadOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const [shape = []] = inferShapes(op, [x.shape]);
  const output = zeros(shape);
  const strides = rowMajorStrides(x.shape);
  forEachIndex(shape, (index, position) => {
    let source: number | undefined = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      const along = sourceIndex(
        op.mode,
        valueAt(index, axis) - valueAt(op.begin, axis),
        valueAt(x.shape, axis),
      );
      source =
        source === undefined || along === undefined ? undefined : source + along * valueAt(strides, axis);
    }
    output.data[position] = source === undefined ? op.value : valueAt(x.data, source);
  });
  return [output];
}

/** Padding by a constant, by the border element, or by reflection. */
export const pad: OperatorDefinition<PadOperator> = {
  kind: 'pad',
  operands: ['x'],
  results: ['y'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
