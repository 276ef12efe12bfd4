import { formatShape, GrimError, type Operator, type Shape } from '@grim/ir';
import { reshapePosition, type BatchPosition } from './batch-position.ts';
import {
  alignedPosition,
  misplacedOperand,
  type BatchedOperand,
  type BatchSizes,
} from './misplaced-operand.ts';

/** A node's operator for another number of examples, and where they are in its results. */
export interface RebatchedNode {
  readonly op: Operator;
  readonly positions: readonly (BatchPosition | undefined)[];
}

const resize = (sizes: readonly number[], axis: number, { examples, size }: BatchSizes): number[] =>
  sizes.map((extent, at) => (at === axis ? (extent / examples) * size : extent));

/** Where the examples are in the result of operands that broadcast or are joined. */
function commonPosition(
  operands: readonly (BatchedOperand | null)[],
  output: Shape,
): BatchPosition | undefined {
  const operand = operands.find((candidate) => candidate?.position);
  return operand ? alignedPosition(operand, output) : undefined;
}

/**
 * An operator for another number of examples.
 *
 * @param op - The operator.
 * @param operands - Its operands; `null` where an optional one is absent.
 * @param output - Shape of its first result in the graph that was given.
 * @param sizes - Examples in that graph, and from now on.
 * @throws `GrimError` when the operator does not keep examples apart, or takes what is not trained here.
 */
export function rebatchNode(
  op: Operator,
  operands: readonly (BatchedOperand | null)[],
  output: Shape,
  sizes: BatchSizes,
): RebatchedNode {
  const x = operands[0];
  const position = x?.position;
  if (!x) throw new GrimError(`${op.kind} has no operand`);
  if (operands.every((operand) => !operand?.position)) return { op, positions: [] };
  const misplaced = op.kind === 'reshape' ? undefined : misplacedOperand(op, operands, output, sizes);
  if (misplaced) {
    const { shape, position: along } = misplaced;
    throw new GrimError(
      `${op.kind} works along axis ${along?.axis ?? 0} of ${formatShape(shape)}, which counts the examples of a batch`,
    );
  }
  const kept = { op, positions: [position] };
  switch (op.kind) {
    case 'conv':
    case 'layerNorm':
    case 'linear':
    case 'pad':
    case 'pool':
    case 'softmax':
    case 'unary':
      return kept;
    case 'gru':
    case 'lstm': {
      const ofRows = { before: 1, after: 1, ...position, axis: 0 };
      return { op, positions: [{ ...ofRows, axis: 1 }, ofRows, ofRows] };
    }
    case 'binary':
    case 'concat':
      return { op, positions: [commonPosition(operands, output)] };
    case 'reduce': {
      if (!position) return kept;
      const removed = op.keepDims ? 0 : op.axes.filter((axis) => axis < position.axis).length;
      return { op, positions: [{ ...position, axis: position.axis - removed }] };
    }
    case 'transpose':
      return { op, positions: [position && { ...position, axis: op.permutation.indexOf(position.axis) }] };
    case 'slice':
      if (!position) return kept;
      return { op: { ...op, sizes: resize(op.sizes, position.axis, sizes) }, positions: [position] };
    case 'reshape': {
      if (!position) return kept;
      const after = reshapePosition(x.shape, position, output, sizes.examples);
      return { op: { ...op, shape: resize(op.shape, after.axis, sizes) }, positions: [after] };
    }
    case 'custom':
    case 'foldWindows':
    case 'resize':
      throw new GrimError(`${op.kind} cannot be trained`);
  }
}
