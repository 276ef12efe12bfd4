import type { Operator, Shape } from '@grim/ir';
import { findReshapePosition, onAxis, samePosition, type BatchPosition } from './batch-position.ts';

/** An operand of a node: its shape in the graph that was given, and where the examples are in it. */
export interface BatchedOperand {
  readonly shape: Shape;
  readonly position: BatchPosition | undefined;
}

/** Sizes of a batch: examples in the graph that was given, and from now on. */
export interface BatchSizes {
  readonly examples: number;
  readonly size: number;
}

/** First operand of a recurrent layer that holds a state before its first step. */
export const firstState = { gru: 5, lstm: 4 } as const;

/** Where the examples of an operand are in a result that it is broadcast or joined to. */
export function alignedPosition(
  { shape, position }: BatchedOperand,
  output: Shape,
): BatchPosition | undefined {
  return position && { ...position, axis: position.axis + output.length - shape.length };
}

/** The first of some operands that has examples where there should be none. */
function positioned(operands: readonly (BatchedOperand | null)[]): BatchedOperand | undefined {
  return operands.find((operand) => operand?.position !== undefined) ?? undefined;
}

/** The operand that keeps others from being joined to it or broadcast with it example by example. */
function misplacedAmong(
  operands: readonly (BatchedOperand | null)[],
  output: Shape,
  { examples, size }: BatchSizes,
  /** Whether an operand without examples may be repeated over them. */
  isRepeated: boolean,
): BatchedOperand | undefined {
  const given = operands.filter((operand) => operand !== null);
  const first = positioned(given);
  const common = first && alignedPosition(first, output);
  if (!common) return undefined;
  for (const operand of given) {
    const position = alignedPosition(operand, output);
    if (position) {
      if (!samePosition(position, common)) return operand;
      continue;
    }
    const extent = operand.shape[common.axis - output.length + operand.shape.length] ?? 1;
    // What has no examples is repeated over them; a value for each of several is not a value for each of others.
    if ((extent !== 1 || !isRepeated) && size !== examples) return { ...operand, position: common };
  }
  return undefined;
}

/**
 * The operand that keeps an operator from working on each example by itself, with the axis of its examples; `undefined` where there is
 * none.
 *
 * @param op - The operator.
 * @param operands - Its operands; `null` where an optional one is absent.
 * @param output - Shape of its first result in the graph that was given.
 * @param sizes - Examples before and after.
 */
export function misplacedOperand(
  op: Operator,
  operands: readonly (BatchedOperand | null)[],
  output: Shape,
  sizes: BatchSizes,
): BatchedOperand | undefined {
  const [x, ...others] = operands;
  if (!x) return undefined;
  const { position } = x;
  switch (op.kind) {
    case 'linear':
      return position?.axis === x.shape.length - 1 ? x : positioned(others);
    case 'conv':
    case 'pool':
      return position && position.axis !== 0 ? x : positioned(others);
    case 'gru':
    case 'lstm': {
      if (position && position.axis !== 1) return x;
      const states = operands.slice(firstState[op.kind]);
      const expected = { ...(position ?? onAxis(1)), axis: 0 };
      const misplaced = states.find((state) => state?.position && !samePosition(state.position, expected));
      // The state before the first step may be the same for all examples, but not one for each of several.
      const several = sizes.examples > 1 && sizes.size !== sizes.examples && position;
      const kept = several ? states.find((state) => state && !state.position) : undefined;
      return (
        positioned(operands.slice(1, firstState[op.kind])) ??
        misplaced ??
        (kept ? { ...kept, position: expected } : undefined)
      );
    }
    case 'softmax':
      return position?.axis === op.axis ? x : undefined;
    case 'layerNorm':
      return position && position.axis >= op.axis ? x : positioned(others);
    case 'binary':
      return misplacedAmong(operands, output, sizes, true);
    case 'concat': {
      const common = positioned(operands);
      return common?.position?.axis === op.axis ? common : misplacedAmong(operands, output, sizes, false);
    }
    case 'reduce':
      return position && op.axes.includes(position.axis) ? x : undefined;
    case 'slice': {
      const axis = position?.axis ?? 0;
      return position && (op.steps[axis] !== 1 || op.sizes[axis] !== x.shape[axis]) ? x : undefined;
    }
    case 'pad':
      return position && (op.begin[position.axis] !== 0 || op.end[position.axis] !== 0) ? x : undefined;
    case 'reshape':
      return position && !findReshapePosition(x.shape, position, output, sizes.examples) ? x : undefined;
    case 'custom':
    case 'foldWindows':
    case 'resize':
    case 'transpose':
    case 'unary':
      return undefined;
  }
}
