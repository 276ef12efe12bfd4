import { GrimError } from '../errors.ts';
import { formatShape, type Shape, type Tensor } from '../tensor.ts';
import type { OperatorDefinition } from './operator.ts';

/** Numbers that an operator of a user's own is given. */
export interface CustomAttribute {
  readonly name: string;
  /** One number, or a list of them. */
  readonly values: readonly number[];
}

/**
 * An operator that is not GRIM's: a function of a user's own, which compiled models call by its name.
 *
 * Operands: any number of tensors. Results: one or more tensors, of shapes that the node states.
 */
export interface CustomOperator {
  readonly kind: 'custom';
  /** Name of the function: an identifier of C. */
  readonly function: string;
  /** Attributes in the order in which the function is given them. */
  readonly attributes: readonly CustomAttribute[];
  /** Shape of each result. */
  readonly outputShapes: readonly Shape[];
}

/**
 * What an operator of a user's own computes, for evaluation without compiled code.
 *
 * @param inputs - Operands `[…]` of the shapes that the node's inputs have, by position; `null` where an optional one is absent.
 * @returns One tensor per result, of the shapes that the operator states.
 */
export type CustomImplementation = (inputs: readonly (Tensor | null)[], op: CustomOperator) => Tensor[];

/** Most operands, and most results, of a function that is called with one argument for each. */
const maximumTensors = 16;

/** Most dimensions of an operand or a result, for which functions have room. */
export const maximumCustomRank = 8;

/** Most numbers of all attributes. */
const maximumNumbers = 2 ** 16;

function requireRank(shape: Shape | null, what: string): void {
  if (shape && shape.length > maximumCustomRank) {
    throw new GrimError(`${what} ${formatShape(shape)} has more than ${maximumCustomRank} dimensions`);
  }
}

function inferShapes(op: CustomOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const { outputShapes, attributes } = op;
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(op.function)) {
    throw new GrimError(`${op.function} is no name of a function`);
  }
  if (inputs.length > maximumTensors || outputShapes.length > maximumTensors || outputShapes.length === 0) {
    throw new GrimError(
      `${inputs.length} operands and ${outputShapes.length} results: a function takes up to ${maximumTensors} and gives 1 to ${maximumTensors}`,
    );
  }
  inputs.forEach((shape, position) => {
    requireRank(shape, `operand ${position}`);
  });
  outputShapes.forEach((shape, position) => {
    requireRank(shape, `result ${position}`);
  });
  const numbers = attributes.reduce((sum, { values }) => sum + values.length, 0);
  if (numbers > maximumNumbers)
    throw new GrimError(`${numbers} numbers in attributes, at most ${maximumNumbers}`);
  const wrong = attributes.find(({ values }) => !values.every(Number.isFinite));
  if (wrong) throw new GrimError(`attribute ${wrong.name} is not finite`);
  return [...outputShapes];
}

/** A function of a user's own. What it computes is not known here: `evaluateGraph` has to be given it. */
export const custom: OperatorDefinition<CustomOperator> = {
  kind: 'custom',
  operands: ['...x'],
  results: ['y'],
  inferShapes,
  reference: (op) => {
    throw new GrimError(`what ${op.function} computes is not known: give its implementation`);
  },
  macs: () => 0,
  weightMatrices: () => [],
};
