import { formatShape, GrimError, type Operator, type Shape } from '@grim/ir';
import { isWhole, onAxis, reshapePosition, type BatchPosition } from './batch-position.ts';

/** An operand of a node: its shape in the graph that was given, and where the examples are in it. */
export interface BatchedOperand {
  readonly shape: Shape;
  readonly position: BatchPosition | undefined;
}

/** A node's operator for another number of examples, and where they are in its results. */
export interface RebatchedNode {
  readonly op: Operator;
  readonly positions: readonly (BatchPosition | undefined)[];
}

const resize = (sizes: readonly number[], axis: number, examples: number, size: number): number[] =>
  sizes.map((extent, at) => (at === axis ? (extent / examples) * size : extent));

function refuse(kind: string, { shape, position }: BatchedOperand): never {
  throw new GrimError(
    `${kind} works along axis ${position?.axis ?? 0} of ${formatShape(shape)}, which counts the examples of a batch`,
  );
}

/** Refuses examples on any axis but one that counts nothing else. */
function requireAxis(kind: string, operand: BatchedOperand, axis: number): void {
  if (operand.position && (operand.position.axis !== axis || !isWhole(operand.position)))
    refuse(kind, operand);
}

/** Where the examples are in the result of operands that broadcast or are joined. */
function commonPosition(
  kind: string,
  operands: readonly (BatchedOperand | null)[],
  output: Shape,
  examples: number,
  size: number,
): BatchPosition | undefined {
  let common: BatchPosition | undefined;
  const shift = ({ shape }: BatchedOperand): number => output.length - shape.length;
  for (const operand of operands) {
    if (!operand?.position) continue;
    const position = { ...operand.position, axis: operand.position.axis + shift(operand) };
    if (common && (common.axis !== position.axis || common.before !== position.before)) refuse(kind, operand);
    common = position;
  }
  for (const operand of operands) {
    if (!common || !operand || operand.position) continue;
    const extent = operand.shape[common.axis - shift(operand)] ?? 1;
    // What has no examples is repeated over them; a value for each of several is not a value for each of others.
    if (extent !== 1 && size !== examples) refuse(kind, { ...operand, position: common });
  }
  return common;
}

/**
 * An operator for another number of examples.
 *
 * @param op - The operator.
 * @param operands - Its operands; `null` where an optional one is absent.
 * @param outputs - Shapes of its results in the graph that was given.
 * @param examples - Examples in that graph.
 * @param size - Examples from now on.
 * @throws `GrimError` when the operator does not keep examples apart, or takes what is not trained here.
 */
export function rebatchNode(
  op: Operator,
  operands: readonly (BatchedOperand | null)[],
  outputs: readonly Shape[],
  examples: number,
  size: number,
): RebatchedNode {
  const x = operands[0];
  const position = x?.position;
  const output = outputs[0] ?? [];
  if (!x) throw new GrimError(`${op.kind} has no operand`);
  if (operands.every((operand) => !operand?.position)) return { op, positions: [] };
  const kept = { op, positions: [position] };
  switch (op.kind) {
    case 'unary':
      return kept;
    case 'linear':
      if (position?.axis === x.shape.length - 1) refuse(op.kind, x);
      for (const operand of operands.slice(1)) if (operand?.position) refuse(op.kind, operand);
      return kept;
    case 'conv':
    case 'pool':
      requireAxis(op.kind, x, 0);
      for (const operand of operands.slice(1)) if (operand?.position) refuse(op.kind, operand);
      return kept;
    case 'gru':
    case 'lstm': {
      requireAxis(op.kind, x, 1);
      const firstState = op.kind === 'gru' ? 5 : 4;
      operands.slice(1).forEach((operand, index) => {
        if (!operand?.position) return;
        if (index + 1 < firstState) refuse(op.kind, operand);
        requireAxis(op.kind, operand, 0);
      });
      return { op, positions: [onAxis(1), onAxis(0), onAxis(0)] };
    }
    case 'softmax':
      if (position?.axis === op.axis) refuse(op.kind, x);
      return kept;
    case 'layerNorm':
      if (position && position.axis >= op.axis) refuse(op.kind, x);
      return kept;
    case 'binary':
      return { op, positions: [commonPosition(op.kind, operands, output, examples, size)] };
    case 'concat': {
      const common = commonPosition(op.kind, operands, output, examples, size);
      if (common?.axis === op.axis || operands.some((operand) => !operand?.position && size !== examples)) {
        refuse(op.kind, { shape: output, position: common });
      }
      return { op, positions: [common] };
    }
    case 'reduce': {
      if (!position || op.axes.includes(position.axis)) return refuse(op.kind, x);
      const removed = op.keepDims ? 0 : op.axes.filter((axis) => axis < position.axis).length;
      return { op, positions: [{ ...position, axis: position.axis - removed }] };
    }
    case 'transpose':
      return { op, positions: [position && { ...position, axis: op.permutation.indexOf(position.axis) }] };
    case 'slice': {
      const axis = position?.axis ?? 0;
      if (op.steps[axis] !== 1 || op.sizes[axis] !== x.shape[axis]) refuse(op.kind, x);
      return { op: { ...op, sizes: resize(op.sizes, axis, examples, size) }, positions: [position] };
    }
    case 'pad':
      if (position && (op.begin[position.axis] !== 0 || op.end[position.axis] !== 0)) refuse(op.kind, x);
      return kept;
    case 'reshape': {
      if (!position) return kept;
      const after = reshapePosition(x.shape, position, output, examples);
      return { op: { ...op, shape: resize(op.shape, after.axis, examples, size) }, positions: [after] };
    }
    case 'custom':
    case 'foldWindows':
    case 'resize':
      throw new GrimError(`${op.kind} cannot be trained`);
  }
}
