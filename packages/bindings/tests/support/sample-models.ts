import { elementCount, type Graph, type Node, type Shape, type Tensor } from '@grim/ir';

/** Weights that are neither zero nor equal. */
function weights(shape: Shape): Tensor {
  return {
    shape,
    data: Float32Array.from({ length: elementCount(shape) }, (_, index) => Math.sin(1 + index) / 4),
  };
}

function binary(name: string, kind: 'add' | 'max', inputs: readonly string[], output: string): Node {
  return { name, op: { kind: 'binary', function: kind }, inputs, outputs: [output] };
}

/** One input, one output, two states: a running maximum, and a total of it. */
const recurrent: Graph = {
  name: 'peak meter',
  inputs: [{ name: 'frame', shape: [1, 6] }],
  outputs: [{ name: 'total', value: 'after' }],
  states: [
    {
      name: 'peak',
      shape: [1, 6],
      input: 'peakBefore',
      output: 'peak',
      initial: Float32Array.of(0.5, -1, 0, 1, 0, 2),
    },
    { name: 'total', shape: [1, 6], input: 'totalBefore', output: 'after' },
  ],
  constants: new Map(),
  nodes: [
    binary('maximum', 'max', ['frame', 'peakBefore'], 'peak'),
    binary('sum', 'add', ['peak', 'totalBefore'], 'after'),
  ],
};

/** Two inputs of different shapes, two outputs, no state: a convolution, a linear layer. */
const network: Graph = {
  name: 'two eyes',
  inputs: [
    { name: 'image', shape: [1, 3, 6, 6] },
    { name: 'prior', shape: [1, 8] },
  ],
  outputs: [
    { name: 'features', value: 'features' },
    { name: 'scores', value: 'scores' },
  ],
  states: [],
  constants: new Map([
    ['filters', weights([4, 3, 3, 3])],
    ['matrix', weights([5, 8])],
  ]),
  nodes: [
    {
      name: 'conv',
      op: {
        kind: 'conv',
        strides: [1, 1],
        padsBegin: [1, 1],
        padsEnd: [1, 1],
        dilations: [1, 1],
        groups: 1,
        activation: { function: 'relu' },
      },
      inputs: ['image', 'filters', null],
      outputs: ['features'],
    },
    { name: 'linear', op: { kind: 'linear' }, inputs: ['prior', 'matrix', null], outputs: ['scores'] },
  ],
};

/** Names that are no identifiers, reserved words, equal but for a separator, or that mean something to JavaScript. */
const odd: Graph = {
  name: 'odd */ names',
  inputs: [
    { name: 'class', shape: [1, 4] },
    { name: 'in.put:0', shape: [1, 4] },
    { name: 'in_put:0', shape: [1, 4] },
    { name: '__proto__', shape: [1, 4] },
  ],
  outputs: [{ name: "it's */ `${one}`\n// @ts-ignore", value: 'last' }],
  states: [{ name: 'constructor', shape: [1, 4], input: 'before', output: 'last' }],
  constants: new Map(),
  nodes: [
    binary('first', 'add', ['class', 'in.put:0'], 'a'),
    binary('second', 'add', ['a', 'in_put:0'], 'b'),
    binary('third', 'add', ['b', '__proto__'], 'c'),
    binary('fourth', 'add', ['c', 'before'], 'last'),
  ],
};

/** Models of every kind that a module is different for. */
export const sampleModels = { recurrent, network, odd } as const satisfies Record<string, Graph>;

/** Name of one of {@link sampleModels}. */
export type SampleName = keyof typeof sampleModels;
