import type { Operator, Shape } from '@grim/ir';
import { possiblePositions, type BatchPosition } from './batch-position.ts';
import { firstState, misplacedOperand, type BatchedOperand, type BatchSizes } from './misplaced-operand.ts';

type Operands = readonly (BatchedOperand | null)[];

/** An operand with its examples elsewhere; `undefined` where its shape has no such place. */
function placed(operand: BatchedOperand, position: BatchPosition): BatchedOperand | undefined {
  const extent = operand.shape[position.axis];
  return extent === position.before * position.after ? { ...operand, position } : undefined;
}

/** The operands with examples at one place of the first, or of a result that they are broadcast or joined to. */
function placedAt(
  op: Operator,
  operands: Operands,
  output: Shape,
  position: BatchPosition,
): Operands | undefined {
  const moved = operands.map((operand, index): BatchedOperand | null | undefined => {
    if (!operand?.position) return operand;
    switch (op.kind) {
      case 'binary':
      case 'concat':
        return placed(operand, { ...position, axis: position.axis - output.length + operand.shape.length });
      case 'gru':
      case 'lstm':
        if (index === 0) return placed(operand, position);
        return index < firstState[op.kind] ? operand : placed(operand, { ...position, axis: 0 });
      default:
        return index === 0 ? placed(operand, position) : operand;
    }
  });
  return moved.every((operand) => operand !== undefined) ? moved : undefined;
}

/**
 * Where the examples of operands have to be for an operator to work on each by itself, in a graph with one example: that is
 * along any axis of extent 1, and passes over such a graph turn a transpose of one into a reshape, which does not tell which axis
 * was meant. What is in place stays there.
 *
 * @param op - The operator.
 * @param operands - Its operands; `null` where an optional one is absent.
 * @param output - Shape of its first result.
 * @param sizes - Examples before and after.
 * @returns The operands with other positions, where there are any that do.
 */
export function placeOperands(op: Operator, operands: Operands, output: Shape, sizes: BatchSizes): Operands {
  if (sizes.examples !== 1 || !misplacedOperand(op, operands, output, sizes)) return operands;
  const isJoined = op.kind === 'binary' || op.kind === 'concat';
  for (const position of possiblePositions(isJoined ? output : (operands[0]?.shape ?? []))) {
    const candidate = placedAt(op, operands, output, position);
    if (candidate && !misplacedOperand(op, candidate, output, sizes)) return candidate;
  }
  return operands;
}
