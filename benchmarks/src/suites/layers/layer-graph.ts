import type { Graph, Node, ScheduleRecord, Tensor } from '@grim/ir';
import type { Layer, LayerWeight } from './layer.ts';
import type { LayerShape } from './layer-shape.ts';

function nodeOf(shape: LayerShape): Pick<Node, 'op' | 'inputs'> {
  switch (shape.kind) {
    case 'conv': {
      const pad = Math.floor(shape.kernel / 2);
      return {
        op: {
          kind: 'conv',
          strides: [shape.stride, shape.stride],
          padsBegin: [pad, pad],
          padsEnd: [pad, pad],
          dilations: [1, 1],
          groups: shape.groups ?? 1,
        },
        inputs: ['x', 'w1'],
      };
    }
    case 'linear':
      return { op: { kind: 'linear' }, inputs: ['x', 'w1'] };
    case 'gru':
      return {
        op: {
          kind: 'gru',
          hidden: shape.hidden,
          direction: 'forward',
          linearBeforeReset: true,
          activations: [{ function: 'sigmoid' }, { function: 'tanh' }],
        },
        inputs: ['x', 'w1', 'w2', null, null, 'h0'],
      };
  }
}

/**
 * A network of one layer.
 *
 * @param layer - Operator and inputs.
 * @param weights - Its weights, dense or pruned.
 * @param schedule - Parts of the schedule that the default rule is not to choose.
 */
export function layerGraph(
  layer: Layer,
  weights: readonly LayerWeight[] = layer.weights,
  schedule?: ScheduleRecord,
): Graph {
  const constants = weights.map(({ input, tensorShape, matrix }): [string, Tensor] => [
    `w${input}`,
    { shape: tensorShape, data: matrix.values },
  ]);
  return {
    name: layer.shape.name,
    inputs: layer.inputs.map(({ name, shape }) => ({ name, shape })),
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map(constants),
    nodes: [
      {
        name: 'layer',
        ...nodeOf(layer.shape),
        outputs: ['y'],
        weights: weights.map(({ input, blocks }) => ({
          input,
          ...(blocks ? { bcr: blocks } : {}),
          ...(schedule ? { schedule } : {}),
        })),
      },
    ],
  };
}
