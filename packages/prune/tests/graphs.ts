import type { Graph, Node, Tensor } from '@grim/ir';

/** Reproducible weights, none of them zero. */
export function weights(shape: readonly number[], seed = 1): Tensor {
  const data = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
  for (let index = 0; index < data.length; index++) data[index] = Math.sin(seed + index * index * 0.7) + 1e-4;
  return { shape, data };
}

const sigmoid = { function: 'sigmoid' } as const;
const tanh = { function: 'tanh' } as const;

/** A convolution, an LSTM, a depthwise convolution and a linear layer that shares weights with another. */
export function sampleGraph(): Graph {
  const conv = { kind: 'conv', strides: [1], padsBegin: [1], padsEnd: [1], dilations: [1] } as const;
  const nodes: Node[] = [
    { name: 'encoder/conv', op: { ...conv, groups: 1 }, inputs: ['x', 'conv.w'], outputs: ['a'] },
    { name: 'encoder/depthwise', op: { ...conv, groups: 24 }, inputs: ['a', 'depthwise.w'], outputs: ['b'] },
    { name: 'turn', op: { kind: 'transpose', permutation: [2, 0, 1] }, inputs: ['b'], outputs: ['steps'] },
    {
      name: 'lstm',
      op: { kind: 'lstm', hidden: 16, direction: 'forward', activations: [sigmoid, tanh, tanh] },
      inputs: ['steps', 'lstm.w', 'lstm.r', null, 'h', 'c'],
      outputs: ['y', 'hNext', 'cNext'],
    },
    { name: 'head', op: { kind: 'linear' }, inputs: ['y', 'square'], outputs: ['p'] },
    { name: 'tail', op: { kind: 'linear' }, inputs: ['p', 'square'], outputs: ['q'] },
  ];
  return {
    name: 'sample',
    inputs: [{ name: 'x', shape: [1, 20, 6] }],
    outputs: [{ name: 'out', value: 'q' }],
    states: [
      { name: 'hidden', shape: [1, 16], input: 'h', output: 'hNext' },
      { name: 'cell', shape: [1, 16], input: 'c', output: 'cNext' },
    ],
    constants: new Map([
      ['conv.w', weights([24, 20, 3], 2)],
      ['depthwise.w', weights([24, 1, 3], 3)],
      ['lstm.w', weights([64, 24], 4)],
      ['lstm.r', weights([64, 16], 5)],
      ['square', weights([16, 16], 6)],
    ]),
    nodes,
  };
}
