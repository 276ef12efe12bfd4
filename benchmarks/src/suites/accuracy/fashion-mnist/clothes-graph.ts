import { elementCount, type Graph, type Node, type Shape, type Tensor } from '@grim/ir';
import { imageExtent } from '../datasets/fashion-mnist.ts';
import { uniformTensor } from '../cells/uniform-tensor.ts';

const classes = 10;

/** A convolution, and whether maxima of 2×2 follow it. */
interface Convolution {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pooled: boolean;
}

/** The first one halves the image itself: most of the time of training would go to elements at full size. */
const convolutions: readonly Convolution[] = [
  { filters: 24, kernel: 4, stride: 2, pooled: false },
  { filters: 32, kernel: 3, stride: 1, pooled: true },
  { filters: 64, kernel: 3, stride: 1, pooled: false },
  { filters: 64, kernel: 3, stride: 1, pooled: true },
  { filters: 128, kernel: 3, stride: 1, pooled: false },
];
const hidden = 256;

/** Convolutions with pooling in between, in the manner of VGG, and two linear layers; weights as before training. */
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
  for (const [index, { filters, kernel, stride, pooled }] of convolutions.entries()) {
    const name = `conv${index + 1}`;
    weights(name, [filters, inputs, kernel, kernel]);
    nodes.push({
      name,
      op: {
        kind: 'conv',
        strides: [stride, stride],
        padsBegin: [1, 1],
        padsEnd: [1, 1],
        dilations: [1, 1],
        groups: 1,
        activation: { function: 'relu' },
      },
      inputs: [value, `${name}.weight`, `${name}.bias`],
      outputs: [name],
    });
    [value, inputs, extent] = [name, filters, extent / stride];
    if (!pooled) continue;
    const pool = `pool${index + 1}`;
    nodes.push({
      name: pool,
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
      inputs: [value],
      outputs: [pool],
    });
    [value, extent] = [pool, Math.floor(extent / 2)];
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
