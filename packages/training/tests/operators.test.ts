import { evaluateGraph, type Graph, type Node, type Shape } from '@grim/ir';
import { describe, expect, it } from 'vitest';
import { createTrainer } from '../src/index.ts';
import { expectDerivatives } from './support/expect-derivatives.ts';
import { randomConstants } from './support/random-values.ts';
import { weightedSum } from './support/weighted-sum.ts';

const constantShapes: Readonly<Record<string, Shape>> = {
  mix: [5, 3],
  scale: [4, 5],
  shift: [4, 5],
  row: [5],
  column: [1, 4, 1],
};

/** Nodes behind a linear layer to `h` [1,4,5], so that the derivative by their input counts. */
function graphOf(...nodes: readonly Omit<Node, 'name' | 'outputs'>[]): Graph {
  return {
    name: 'graph',
    inputs: [{ name: 'x', shape: [1, 4, 3] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: randomConstants(constantShapes, 5),
    nodes: [
      { name: 'mix', op: { kind: 'linear' }, inputs: ['x', 'mix'], outputs: ['h'] },
      ...nodes.map((node, index) => ({
        ...node,
        name: `${node.op.kind} ${index}`,
        outputs: [index === nodes.length - 1 ? 'y' : `v${index}`],
      })),
    ],
  };
}

const on = (op: Node['op'], inputs: readonly string[] = ['h']): Graph => graphOf({ op, inputs });
const positive = { op: { kind: 'unary', activation: { function: 'exp' } }, inputs: ['h'] } as const;

/** Powers of `h` by constant exponents, one for each of its columns. */
const powers = (...exponents: readonly [number, number, number, number, number]): Graph => {
  const graph = on({ kind: 'binary', function: 'pow' }, ['h', 'row']);
  const constants = new Map(graph.constants).set('row', { shape: [5], data: Float32Array.from(exponents) });
  return { ...graph, constants };
};

const cases: readonly (readonly [string, Graph])[] = [
  ...(
    [
      'abs',
      'exp',
      'hardSigmoid',
      'hardSwish',
      'leakyRelu',
      'neg',
      'relu',
      'sigmoid',
      'square',
      'tanh',
    ] as const
  ).map((name) => [name, on({ kind: 'unary', activation: { function: name } })] as const),
  ...(['log', 'sqrt'] as const).map(
    (name) =>
      [
        name,
        graphOf(positive, { op: { kind: 'unary', activation: { function: name } }, inputs: ['v0'] }),
      ] as const,
  ),
  ['leakyRelu that falls', on({ kind: 'unary', activation: { function: 'leakyRelu', alpha: -0.5 } })],
  ...(['add', 'sub', 'mul', 'div', 'max', 'min', 'pow'] as const).map(
    (name) =>
      [
        `${name} with itself and constants`,
        graphOf(
          positive,
          { op: { kind: 'binary', function: name }, inputs: ['v0', 'row'] },
          {
            op: { kind: 'binary', function: 'add', activation: { function: 'tanh' } },
            inputs: ['column', 'v1'],
          },
          { op: { kind: 'binary', function: name }, inputs: ['v0', 'v2'] },
        ),
      ] as const,
  ),
  ['whole powers of numbers of both signs', powers(0, 1, 2, 3, 5)],
  ['softmax', on({ kind: 'softmax', axis: 2 })],
  ['softmax of an inner axis', on({ kind: 'softmax', axis: 1 })],
  ...(['max', 'mean', 'min', 'sum'] as const).map(
    (name) => [`reduce ${name}`, on({ kind: 'reduce', function: name, axes: [1], keepDims: false })] as const,
  ),
  ['reduce two axes', on({ kind: 'reduce', function: 'sum', axes: [1, 2], keepDims: true })],
  ['reshape', on({ kind: 'reshape', shape: [1, 2, 10] })],
  ['transpose', on({ kind: 'transpose', permutation: [2, 0, 1] })],
  ['slice', on({ kind: 'slice', starts: [0, 1, 2], sizes: [1, 3, 2], steps: [1, 1, 1] })],
  ['slice with steps', on({ kind: 'slice', starts: [0, 3, 1], sizes: [1, 2, 2], steps: [1, -2, 3] })],
  ['concat', on({ kind: 'concat', axis: 1 }, ['h', 'h'])],
  ['pad with zeros', on({ kind: 'pad', mode: 'constant', begin: [0, 1, 0], end: [0, 0, 2], value: 0 })],
  ['pad with a constant', on({ kind: 'pad', mode: 'constant', begin: [0, 1, 0], end: [0, 0, 2], value: 3 })],
  [
    'pad with minus infinity in front of a maximum',
    graphOf(
      {
        op: { kind: 'pad', mode: 'constant', begin: [0, 1, 1], end: [0, 2, 0], value: -Infinity },
        inputs: ['h'],
      },
      { op: { kind: 'reduce', function: 'max', axes: [2], keepDims: false }, inputs: ['v0'] },
      { op: { kind: 'unary', activation: { function: 'relu' } }, inputs: ['v1'] },
    ),
  ],
  ['pad with the edge', on({ kind: 'pad', mode: 'edge', begin: [0, 2, 0], end: [0, 1, 2], value: 0 })],
  ['pad by reflection', on({ kind: 'pad', mode: 'reflect', begin: [0, 2, 0], end: [0, 1, 3], value: 0 })],
  ['layerNorm', on({ kind: 'layerNorm', axis: 1, epsilon: 0.1 }, ['h', 'scale', 'shift'])],
  ['layerNorm without bias', on({ kind: 'layerNorm', axis: 2, epsilon: 0.1 }, ['h', 'row'])],
];

describe('operators', () => {
  it.each(cases)('%s has the output and derivatives of the reference', async (_name, graph) => {
    await expectDerivatives(graph, { size: 2, axes: { x: 0 } }, 7);
  });

  it('powers of zero have the values of the reference, and derivatives', async () => {
    const graph = powers(0, 1, 2, 3, 1.5);
    // All of these bases are zero.
    const constants = new Map(graph.constants).set('mix', { shape: [5, 3], data: new Float32Array(15) });
    const trainer = await createTrainer<null>(
      { ...graph, constants },
      {
        batch: { size: 1, axes: { x: 0 } },
        loss: (outputs) => ({
          loss: 0,
          derivatives: new Map([...outputs].map(([name, { data }]) => [name, data.map(() => 1)])),
        }),
      },
    );
    const x = { shape: [1, 4, 3], data: new Float32Array(12).fill(1) };
    const expected = evaluateGraph({ ...graph, constants }, { inputs: { x: x.data } }).outputs['y'];
    expect((await trainer.predict({ x })).get('y')?.data).toEqual(expected);
    expect(expected?.slice(0, 5)).toEqual(Float32Array.from([1, 0, 0, 0, 0]));
    const { gradients } = await trainer.lossAndGradients({ inputs: { x: x.data }, target: null });
    // Only the first power has a slope there: 1 for each of four rows.
    expect(gradients.get('mix')).toEqual(
      Float32Array.from({ length: 15 }, (_, i) => (i >= 3 && i < 6 ? 4 : 0)),
    );
  });

  it('powers have derivatives by their exponents where bases are not negative', async () => {
    const graph = graphOf(
      { op: { kind: 'unary', activation: { function: 'relu' } }, inputs: ['h'] },
      // Above 1: below, the slope at a base of zero is infinite.
      { op: { kind: 'unary', activation: { function: 'exp' } }, inputs: ['h'] },
      { op: { kind: 'unary', activation: { function: 'exp' } }, inputs: ['v1'] },
      { op: { kind: 'binary', function: 'pow' }, inputs: ['v0', 'v2'] },
    );
    await expectDerivatives(graph, { size: 2, axes: { x: 0 } }, 4);
  });

  it('that cannot be trained are refused by name', async () => {
    const graph = on({ kind: 'custom', function: 'f', attributes: [], outputShapes: [[1, 4, 5]] });
    await expect(
      createTrainer(graph, { batch: { size: 2, axes: { x: 0 } }, loss: weightedSum(1) }),
    ).rejects.toThrow('custom 0: custom cannot be trained');
  });
});
