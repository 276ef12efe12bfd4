import { evaluateGraph } from '@grim/ir';

// Everything that has to survive the way to a page: weights, an activation, and state that one run leaves for the next.
// y = relu(weights · x + bias + previous y), with 4 values in and 3 out.
export const graph = {
  name: 'sample',
  inputs: [{ name: 'x', shape: [1, 4] }],
  outputs: [{ name: 'y', value: 'y' }],
  states: [{ name: 'previous', shape: [1, 3], input: 'previous', output: 'y' }],
  constants: new Map([
    ['weights', { shape: [3, 4], data: Float32Array.of(0.5, -1, 2, 0.25, 1, 1, -1, 0, 0, 0.125, 3, -2) }],
    ['bias', { shape: [3], data: Float32Array.of(0.5, 0, -1) }],
  ]),
  nodes: [
    { name: 'product', op: { kind: 'linear' }, inputs: ['x', 'weights', 'bias'], outputs: ['product'] },
    {
      name: 'sum',
      op: { kind: 'binary', function: 'add' },
      inputs: ['product', 'previous'],
      outputs: ['sum'],
    },
    {
      name: 'relu',
      op: { kind: 'unary', activation: { function: 'relu' } },
      inputs: ['sum'],
      outputs: ['y'],
    },
  ],
};

/** Inputs, to be run one after another. */
export const frames = [
  [1, 2, 3, 4],
  [-1, 0.5, 0.25, 0],
  [0, 0, 1, 1],
];

let states;
/** Output of each frame. */
export const expected = frames.map((frame) => {
  const evaluation = evaluateGraph(graph, {
    inputs: { x: Float32Array.from(frame) },
    ...(states && { states }),
  });
  states = evaluation.states;
  return [...evaluation.outputs.y];
});
