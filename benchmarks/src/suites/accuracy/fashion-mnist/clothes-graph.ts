import { elementCount, type Graph, type Node, type Shape, type Tensor } from '@grim/ir';
import { imageExtent } from '../datasets/fashion-mnist.ts';
import { uniformTensor } from '../cells/uniform-tensor.ts';

const classes = 10;
/** Channels of the convolutions; each two are followed by pooling. */
const channels = [16, 32, 64];
const hidden = 128;

/** Convolutions of 3×3 with pooling after each, in the manner of VGG, and two linear layers; weights as before training. */
export function clothesGraph(random: () => number): Graph {
  const constants = new Map<string, Tensor>();
  const nodes: Node[] = [];
  /** He et al. 2015: uniform with variance 2 / inputs. */
  const weights = (name: string, shape: Shape): void => {
    constants.set(
      `${name}.weight`,
      uniformTensor(shape, Math.sqrt(6 / elementCount(shape.slice(1))), random),
    );
    constants.set(`${name}.bias`, { shape: [shape[0] ?? 0], data: new Float32Array(shape[0] ?? 0) });
  };
  let [value, inputs, extent] = ['image', 1, imageExtent];
  for (const [index, filters] of channels.entries()) {
    const name = `conv${index + 1}`;
    weights(name, [filters, inputs, 3, 3]);
    nodes.push(
      {
        name,
        op: {
          kind: 'conv',
          strides: [1, 1],
          padsBegin: [1, 1],
          padsEnd: [1, 1],
          dilations: [1, 1],
          groups: 1,
          activation: { function: 'relu' },
        },
        inputs: [value, `${name}.weight`, `${name}.bias`],
        outputs: [name],
      },
      {
        name: `pool${index + 1}`,
        op: {
          kind: 'pool',
          function: 'max',
          kernel: [2, 2],
          strides: [2, 2],
          padsBegin: [0, 0],
          padsEnd: [0, 0],
          dilations: [1, 1],
          countIncludePad: false,
        },
        inputs: [name],
        outputs: [`pool${index + 1}`],
      },
    );
    [value, inputs, extent] = [`pool${index + 1}`, filters, Math.floor(extent / 2)];
  }
  weights('hidden', [hidden, inputs * extent * extent]);
  weights('clothes', [classes, hidden]);
  nodes.push(
    {
      name: 'flatten',
      op: { kind: 'reshape', shape: [1, inputs * extent * extent] },
      inputs: [value],
      outputs: ['flat'],
    },
    {
      name: 'hidden',
      op: { kind: 'linear', activation: { function: 'relu' } },
      inputs: ['flat', 'hidden.weight', 'hidden.bias'],
      outputs: ['hidden'],
    },
    {
      name: 'clothes',
      op: { kind: 'linear' },
      inputs: ['hidden', 'clothes.weight', 'clothes.bias'],
      outputs: ['logits'],
    },
  );
  return {
    name: 'clothes',
    inputs: [{ name: 'image', shape: [1, 1, imageExtent, imageExtent] }],
    outputs: [{ name: 'logits', value: 'logits' }],
    states: [],
    constants,
    nodes,
  };
}
