import { applyMask } from '@grim/bcr';
import {
  elementCount,
  operatorDefinition,
  type Graph,
  type Shape,
  type Tensor,
  type WeightMatrix,
  type WeightSpec,
} from '@grim/ir';
import { projectWeights } from '../project-weights.ts';
import { refuseAs } from '../selection/refuse-as.ts';
import type { LayerSample, WeightPruning } from './layer-sample.ts';
import { uniformNoise } from './uniform-noise.ts';

/** Name of the only node of a {@link sampleNetwork}. */
const nodeName = 'layer';

/**
 * The network of one layer that a sample stands for: random constants, pruned by magnitude where the sample says so, which is a
 * random mask. Operands that are no constants are inputs of the network, results its outputs.
 *
 * @throws `GrimError` naming the layer when its blocks do not allow the rate.
 */
export function sampleNetwork({ layer, shape, pruned, seed }: LayerSample): Graph {
  const matrices = operatorDefinition(shape.op.kind).weightMatrices(shape.op, shape.inputShapes);
  const constants = new Map<string, Tensor>();
  const inputs: Graph['inputs'][number][] = [];
  const names = shape.inputShapes.map((extents, position) => {
    if (!extents) return null;
    const name = `operand${position}`;
    if (!shape.constants.includes(position)) inputs.push({ name, shape: extents });
    else {
      const dense = noise(extents, seed + position);
      const pruning = pruned.get(position);
      const matrix = matrices.find(({ input }) => input === position);
      const data = pruning && matrix ? refuseAs(layer, () => prune(dense, matrix, pruning)) : dense;
      constants.set(name, { shape: extents, data });
    }
    return name;
  });
  const outputs = Array.from({ length: shape.outputs }, (_, index) => `result${index}`);
  return {
    name: layer,
    inputs,
    outputs: outputs.map((value) => ({ name: value, value })),
    states: [],
    constants,
    nodes: [
      {
        name: nodeName,
        op: shape.op,
        inputs: names,
        outputs,
        weights: matrices.flatMap(({ input }): WeightSpec[] => {
          const pruning = pruned.get(input);
          return pruning ? [{ input, bcr: { ...pruning.grid, rate: pruning.projection.rate } }] : [];
        }),
      },
    ],
  };
}

function noise(shape: Shape, seed: number): Float32Array {
  const next = uniformNoise(seed);
  return Float32Array.from({ length: elementCount(shape) }, next);
}

function prune(
  values: Float32Array,
  { rows, columns }: Pick<WeightMatrix, 'columns' | 'rows'>,
  pruning: WeightPruning,
): Float32Array {
  const matrix = { rows, columns, values };
  return applyMask(matrix, projectWeights(matrix, pruning)).values;
}
