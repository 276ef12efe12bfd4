import type { Matrix } from '@grim/bcr';
import type { BcrSpec } from '@grim/ir';
import { imageSize, outputSize, type LayerShape } from './layer-shape.ts';
import { randomFloats } from './random-floats.ts';

/** One weight operand of a layer. */
export interface LayerWeight {
  /** Position among the operands of the node. */
  readonly input: number;
  /** Shape of the tensor; the matrix is its first dimension by all others. */
  readonly tensorShape: readonly number[];
  readonly matrix: Matrix;
  /** How often each weight is used in one run: output pixels of a convolution, 1 otherwise. */
  readonly uses: number;
  /** The blocks it was pruned in; absent when it was not. */
  readonly blocks?: BcrSpec;
}

/** A layer with values: the same for every engine. */
export interface Layer {
  readonly model: string;
  readonly shape: LayerShape;
  readonly weights: readonly LayerWeight[];
  /** Values of the inputs by name, row-major. */
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array;
  }[];
  /** Multiply-adds of one run when nothing is pruned. */
  readonly macs: number;
}

const elements = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** Makes weights and inputs of a layer, the same in every run. */
export function makeLayer(model: string, shape: LayerShape): Layer {
  let seed = 1;
  const weight = (input: number, tensorShape: readonly number[], uses: number): LayerWeight => {
    const [rows = 0] = tensorShape;
    const values = randomFloats(elements(tensorShape), seed++);
    return { input, tensorShape, matrix: { rows, columns: values.length / rows, values }, uses };
  };
  const input = (name: string, extents: readonly number[]): Layer['inputs'][number] => ({
    name,
    shape: extents,
    values: randomFloats(elements(extents), seed++),
  });
  const layer = (weights: readonly LayerWeight[], inputs: Layer['inputs']): Layer => ({
    model,
    shape,
    weights,
    inputs,
    macs: weights.reduce((sum, { matrix, uses }) => sum + matrix.values.length * uses, 0),
  });
  switch (shape.kind) {
    case 'conv': {
      const [height, width] = imageSize(shape);
      const perGroup = shape.inputs / (shape.groups ?? 1);
      return layer(
        [weight(1, [shape.outputs, perGroup, shape.kernel, shape.kernel], elements(outputSize(shape)))],
        [input('x', [1, shape.inputs, height, width])],
      );
    }
    case 'linear':
      return layer([weight(1, [shape.rows, shape.columns], 1)], [input('x', [1, shape.columns])]);
    case 'gru': {
      const { hidden, inputs } = shape;
      return layer(
        [weight(1, [3 * hidden, inputs], 1), weight(2, [3 * hidden, hidden], 1)],
        [input('x', [1, 1, inputs]), input('h0', [1, hidden])],
      );
    }
  }
}

/** Multiply-adds of one run with weights that are not zero. */
export function usefulMacs(weights: readonly LayerWeight[]): number {
  return weights.reduce((sum, { matrix, uses }) => sum + nonZeros(matrix) * uses, 0);
}

function nonZeros({ values }: Matrix): number {
  let count = 0;
  for (const value of values) if (value !== 0) count++;
  return count;
}
