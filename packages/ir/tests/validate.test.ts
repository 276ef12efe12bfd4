import { GrimError, inferShapes, validateGraph, type Graph, type Operator } from '../src/index.ts';
import { describe, expect, it } from 'vitest';
import { graphOf, node } from './support/graphs.ts';
import { speechGraph } from './support/speech-graph.ts';
import { tensor } from './support/tensors.ts';

const relu: Operator = { kind: 'unary', activation: { function: 'relu' } };

const valid: Graph = graphOf({
  inputs: [{ name: 'x', shape: [2, 3] }],
  states: [{ name: 'memory', shape: [2, 4], input: 's', output: 'next' }],
  outputs: [{ name: 'y', value: 'product' }],
  constants: new Map([['w', tensor([4, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])]]),
  nodes: [
    { ...node({ kind: 'linear' }, ['x', 'w'], 'product'), name: 'layer' },
    node({ kind: 'binary', function: 'add' }, ['product', 's'], 'next'),
  ],
});

function withNodes(...nodes: Graph['nodes']): Graph {
  return { ...valid, nodes: [...valid.nodes, ...nodes] };
}

function withWeights(...weights: NonNullable<Graph['nodes'][number]['weights']>): Graph {
  return {
    ...valid,
    nodes: valid.nodes.map((layer, index) => (index === 0 ? { ...layer, weights } : layer)),
  };
}

function withConstant(name: string, shape: number[], data: number[]): Graph {
  return {
    ...valid,
    constants: new Map([...valid.constants, [name, { shape, data: Float32Array.from(data) }]]),
  };
}

function catchError(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('inferShapes', () => {
  it('knows the shape of every value', () => {
    expect([...inferShapes(valid)]).toEqual([
      ['x', [2, 3]],
      ['s', [2, 4]],
      ['w', [4, 3]],
      ['product', [2, 4]],
      ['next', [2, 4]],
    ]);
  });

  it('names the node whose operands do not fit', () => {
    const graph = { ...valid, inputs: [{ name: 'x', shape: [2, 5] }] };
    expect(() => inferShapes(graph)).toThrow(
      'layer: linear needs x [...,K] and weights [M,K], got [2,5] and [4,3]',
    );
  });
});

describe('validateGraph', () => {
  it('accepts graphs that are right', () => {
    validateGraph(valid);
    validateGraph(speechGraph());
    validateGraph(withWeights({ input: 1, bcr: { blockRows: 2, blockColumns: 8, rate: 1.5 } }));
    expect(inferShapes(speechGraph()).get('probability')).toEqual([1, 1]);
  });

  it.each<[string, Graph, string]>([
    [
      'two nodes of one name',
      withNodes({ ...node(relu, ['x'], 'z'), name: 'layer' }),
      'two nodes are named layer',
    ],
    [
      'two outputs of one name',
      { ...valid, outputs: [...valid.outputs, ...valid.outputs] },
      'two outputs are named y',
    ],
    [
      'two states of one name',
      { ...valid, states: [...valid.states, ...valid.states.map((state) => ({ ...state, input: 't' }))] },
      'two states are named memory',
    ],
    [
      'a value defined twice',
      withNodes(node(relu, ['x'], 'product')),
      'unary:product: value product is defined twice',
    ],
    [
      'an input that hides a constant',
      { ...valid, inputs: [...valid.inputs, { name: 'w', shape: [1] }] },
      'value w is defined twice',
    ],
    [
      'use before definition',
      { ...valid, nodes: valid.nodes.toReversed() },
      'binary:next: value product is used before it is defined',
    ],
    [
      'a missing value',
      withNodes(node(relu, ['nothing'], 'z')),
      'unary:z: value nothing is used before it is defined',
    ],
    [
      'too many operands',
      withNodes(node(relu, ['x', 'x'], 'z')),
      'unary:z: unary takes at most 1 operand(s), got 2',
    ],
    [
      'too many results',
      withNodes(node(relu, ['x'], 'z', 'zz')),
      'unary:z: unary has 1 result(s), got names for 2',
    ],
    [
      'an extent of 0',
      { ...valid, inputs: [...valid.inputs, { name: 'empty', shape: [2, 0] }] },
      'value empty has shape [2,0]; every extent must be a positive integer',
    ],
    [
      'a tensor beyond all memory',
      { ...valid, inputs: [...valid.inputs, { name: 'big', shape: [65536, 65536] }] },
      'value big of shape [65536,65536] exceeds 1073741824 elements',
    ],
    [
      'an output of nothing',
      { ...valid, outputs: [{ name: 'y', value: 'nothing' }] },
      'y: shows value nothing, which does not exist',
    ],
    [
      'a state replaced by nothing',
      { ...valid, states: valid.states.map((state) => ({ ...state, output: 'nothing' })) },
      'memory: is replaced by value nothing, which does not exist',
    ],
    [
      'a state that changes its shape',
      { ...valid, states: valid.states.map((state) => ({ ...state, output: 'x' })) },
      'memory: state of shape [2,4] is replaced by x of shape [2,3]',
    ],
    [
      'a state with too few initial values',
      { ...valid, states: valid.states.map((state) => ({ ...state, initial: new Float32Array(7) })) },
      'memory: state of shape [2,4] has 7 initial value(s)',
    ],
    [
      'a short constant',
      withConstant('c', [2, 2], [1, 2, 3]),
      'constant c of shape [2,2] needs 4 value(s), got 3',
    ],
    [
      'NaN in a constant',
      withConstant('c', [2], [1, NaN]),
      'constant c holds NaN at index 1, expected numbers',
    ],
    [
      'an infinite weight',
      withConstant('w', [4, 3], [1, 2, 3, 4, 5, Infinity, 7, 8, 9, 10, 11, 12]),
      'layer: weight w is not finite at index 5, expected numbers',
    ],
    [
      'a weight spec for the input',
      withWeights({ input: 0 }),
      'layer: weight spec names input 0, which is no weight matrix',
    ],
    [
      'two specs for one weight',
      withWeights({ input: 1 }, { input: 1 }),
      'layer: two weight specs are named input 1',
    ],
    [
      'NaN in a weight',
      withConstant('w', [4, 3], new Array<number>(12).fill(NaN)),
      'layer: constant w holds NaN at index 0, expected numbers',
    ],
    [
      'blocks without rows',
      withWeights({ input: 1, bcr: { blockRows: 0, blockColumns: 4, rate: 2 } }),
      'layer: blocks of 0x4 are not positive integers',
    ],
    [
      'a rate below 1',
      withWeights({ input: 1, bcr: { blockRows: 4, blockColumns: 4, rate: 0.5 } }),
      'layer: pruning rate 0.5 is not a finite number of at least 1',
    ],
    [
      'a rate that is no number',
      withWeights({ input: 1, bcr: { blockRows: 4, blockColumns: 4, rate: NaN } }),
      'layer: pruning rate NaN is not a finite number of at least 1',
    ],
  ])('refuses %s', (_, graph, message) => {
    const error = catchError(() => {
      validateGraph(graph);
    });
    expect(error).toBeInstanceOf(GrimError);
    expect(error).toHaveProperty('message', message);
  });
});
