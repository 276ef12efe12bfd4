import {
  applyPasses,
  canonicaliseArithmetic,
  foldConstants,
  fuseActivations,
  removeDeadNodes,
  simplifyReshapes,
  type BinaryFunction,
  type Graph,
  type Operator,
  type Tensor,
  type UnaryFunction,
} from '../../src/index.ts';
import { describe, expect, it } from 'vitest';
import { expectSameResults, graphOf, kindsOf, node } from '../support/graphs.ts';
import { speechGraph } from '../support/speech-graph.ts';
import { tensor, valuesOf } from '../support/tensors.ts';

const relu: Operator = { kind: 'unary', activation: { function: 'relu' } };
const neg: Operator = { kind: 'unary', activation: { function: 'neg' } };

/** A chain of operators of one operand from `x` of shape [2,3] to output `y`. */
function chain(...ops: Operator[]): Graph {
  return graphOf({
    inputs: [{ name: 'x', shape: [2, 3] }],
    outputs: [{ name: 'y', value: `v${ops.length}` }],
    nodes: ops.map((op, index) => ({
      name: `node ${index}`,
      op,
      inputs: [index === 0 ? 'x' : `v${index}`],
      outputs: [`v${index + 1}`],
    })),
  });
}

describe('removeDeadNodes', () => {
  it('removes what neither outputs nor states need, and their constants', () => {
    const graph = graphOf({
      inputs: [{ name: 'x', shape: [2] }],
      states: [{ name: 'state', shape: [2], input: 's', output: 'next' }],
      outputs: [{ name: 'y', value: 'b' }],
      constants: new Map([
        ['used', tensor([2], [1, 2])],
        ['unused', tensor([2], [1, 2])],
      ]),
      nodes: [
        node(relu, ['x'], 'a'),
        node({ kind: 'binary', function: 'add' }, ['a', 'used'], 'b'),
        node(neg, ['x'], 'next'),
        node({ kind: 'binary', function: 'add' }, ['a', 'unused'], 'dead'),
        node(relu, ['dead'], 'deader'),
      ],
    });
    const live = removeDeadNodes(graph);
    expect(live.nodes.flatMap(({ outputs }) => outputs)).toEqual(['a', 'b', 'next']);
    expect([...live.constants.keys()]).toEqual(['used']);
    expect(live.states).toEqual(graph.states);
  });
});

describe('foldConstants', () => {
  it('evaluates chains of constants', () => {
    const graph = graphOf({
      inputs: [{ name: 'x', shape: [2] }],
      outputs: [{ name: 'y', value: 'y' }],
      constants: new Map([['c', tensor([1, 2], [1, -2])]]),
      nodes: [
        node({ kind: 'reshape', shape: [2] }, ['c'], 'flat'),
        node(relu, ['flat'], 'positive'),
        node({ kind: 'binary', function: 'add' }, ['x', 'positive'], 'y'),
      ],
    });
    const folded = removeDeadNodes(foldConstants(graph));
    expect(kindsOf(folded)).toEqual(['binary']);
    expect(valuesOf(folded.constants.get('positive'))).toEqual([1, 0]);
    expectSameResults(folded, graph);
  });

  it('leaves results that are not finite, and work that is too large', () => {
    const infinite = graphOf({
      outputs: [{ name: 'y', value: 'y' }],
      constants: new Map([['c', tensor([1], [0])]]),
      nodes: [node({ kind: 'unary', activation: { function: 'log' } }, ['c'], 'y')],
    });
    expect(foldConstants(infinite)).toEqual(infinite);
    const huge: Tensor = tensor([1], [1]);
    const padded = graphOf({
      outputs: [{ name: 'y', value: 'y' }],
      constants: new Map([['c', huge]]),
      nodes: [node({ kind: 'pad', mode: 'constant', begin: [0], end: [2 ** 28], value: 0 }, ['c'], 'y')],
    });
    expect(foldConstants(padded)).toEqual(padded);
  });

  it('names the node whose operands do not fit', () => {
    const graph = graphOf({
      constants: new Map([['c', tensor([2], [1, 2])]]),
      nodes: [{ name: 'bad', op: { kind: 'reshape', shape: [3] }, inputs: ['c'], outputs: ['y'] }],
    });
    expect(() => foldConstants(graph)).toThrow('bad: [2] cannot be reshaped to [3]');
  });
});

describe('fuseActivations', () => {
  const weights = new Map([['w', tensor([3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])]]);
  const base = graphOf({
    inputs: [{ name: 'x', shape: [2, 3] }],
    outputs: [{ name: 'y', value: 'y' }],
    constants: weights,
  });
  const linear = node({ kind: 'linear' }, ['x', 'w'], 'product');

  it('moves an activation into the layer before it', () => {
    const graph = { ...base, nodes: [linear, node(relu, ['product'], 'y')] };
    const fused = fuseActivations(graph);
    expect(fused.nodes).toMatchObject([
      { name: linear.name, op: { kind: 'linear', activation: { function: 'relu' } }, outputs: ['y'] },
    ]);
    expectSameResults(fused, graph, 1e-6);
  });

  it('takes one activation only', () => {
    const graph = { ...base, nodes: [linear, node(neg, ['product'], 'n'), node(relu, ['n'], 'y')] };
    const fused = fuseActivations(graph);
    expect(kindsOf(fused)).toEqual(['linear', 'unary']);
    expect(kindsOf(fuseActivations(fused))).toEqual(['linear', 'unary']);
    expectSameResults(fused, graph, 1e-6);
  });

  it('leaves values that something else needs', () => {
    const shared = {
      ...base,
      nodes: [
        linear,
        node(relu, ['product'], 'r'),
        node({ kind: 'binary', function: 'add' }, ['product', 'r'], 'y'),
      ],
    };
    expect(fuseActivations(shared)).toEqual(shared);
    const shown = {
      ...base,
      nodes: [linear, node(relu, ['product'], 'y')],
      outputs: [...base.outputs, { name: 'product', value: 'product' }],
    };
    expect(fuseActivations(shown)).toEqual(shown);
    const twice = { ...base, nodes: [node(neg, ['x'], 'n'), node(relu, ['n'], 'y')] };
    expect(fuseActivations(twice)).toEqual(twice);
  });
});

describe('canonicaliseArithmetic', () => {
  function withConstant(
    name: BinaryFunction,
    value: number,
    constantFirst = false,
    shape: number[] = [],
  ): Graph {
    const count = shape.reduce((product, extent) => product * extent, 1);
    return graphOf({
      inputs: [{ name: 'x', shape: [2, 3] }],
      outputs: [{ name: 'y', value: 'y' }],
      constants: new Map([['c', tensor(shape, new Array<number>(count).fill(value))]]),
      nodes: [node({ kind: 'binary', function: name }, constantFirst ? ['c', 'x'] : ['x', 'c'], 'y')],
    });
  }

  it.each<[BinaryFunction, number, boolean, UnaryFunction | undefined]>([
    ['pow', 2, false, 'square'],
    ['pow', 0.5, false, 'sqrt'],
    ['pow', 1, false, undefined],
    ['max', 0, false, 'relu'],
    ['max', 0, true, 'relu'],
    ['mul', -1, false, 'neg'],
    ['mul', -1, true, 'neg'],
    ['mul', 1, false, undefined],
    ['mul', 1, true, undefined],
    ['div', 1, false, undefined],
    ['div', -1, false, 'neg'],
    ['add', 0, false, undefined],
    ['add', 0, true, undefined],
    ['sub', 0, false, undefined],
    ['sub', 0, true, 'neg'],
  ])('%s with %d (constant first: %s) becomes %s', (name, value, constantFirst, expected) => {
    const graph = withConstant(name, value, constantFirst);
    const canonical = canonicaliseArithmetic(graph);
    const functions = canonical.nodes.map(({ op }) => op.kind === 'unary' && op.activation.function);
    expect(functions).toEqual(expected === undefined ? [] : [expected]);
    expectSameResults(canonical, graph, 1e-6);
  });

  it.each<[BinaryFunction, number, boolean]>([
    ['pow', 3, false],
    ['pow', 2, true],
    ['div', 1, true],
    ['min', 0, false],
    ['max', 1, false],
    ['add', 1, false],
  ])('leaves %s with %d (constant first: %s)', (name, value, constantFirst) => {
    const graph = withConstant(name, value, constantFirst);
    expect(canonicaliseArithmetic(graph)).toEqual(graph);
  });

  it('writes a product of a value with itself as a square', () => {
    const graph = { ...chain(neg), nodes: [node({ kind: 'binary', function: 'mul' }, ['x', 'x'], 'v1')] };
    expect(canonicaliseArithmetic(graph).nodes).toMatchObject([
      { op: { kind: 'unary', activation: { function: 'square' } } },
    ]);
  });

  it('leaves a constant that widens the shape', () => {
    const graph = withConstant('add', 0, false, [4, 1, 1]);
    expect(canonicaliseArithmetic(graph)).toEqual(graph);
  });
});

describe('simplifyReshapes', () => {
  const slice = (starts: number[], sizes: number[], steps = [1, 1]): Operator => ({
    kind: 'slice',
    starts,
    sizes,
    steps,
  });

  it.each<[string, Operator[], Operator[]]>([
    ['an identity reshape', [{ kind: 'reshape', shape: [2, 3] }], []],
    ['an identity transpose', [{ kind: 'transpose', permutation: [0, 1] }], []],
    ['an identity slice', [slice([0, 0], [2, 3])], []],
    ['an identity pad', [{ kind: 'pad', mode: 'edge', begin: [0, 0], end: [0, 0], value: 0 }], []],
    ['a concatenation of one', [{ kind: 'concat', axis: 1 }], []],
    [
      'reshapes that undo each other',
      [
        { kind: 'reshape', shape: [6] },
        { kind: 'reshape', shape: [2, 3] },
      ],
      [],
    ],
    [
      'a chain of reshapes',
      [
        { kind: 'reshape', shape: [6] },
        { kind: 'reshape', shape: [3, 2] },
        { kind: 'reshape', shape: [1, 6] },
      ],
      [{ kind: 'reshape', shape: [1, 6] }],
    ],
    [
      'transposes that undo each other',
      [
        { kind: 'transpose', permutation: [1, 0] },
        { kind: 'transpose', permutation: [1, 0] },
      ],
      [],
    ],
    [
      'a transpose that moves a dimension of extent 1',
      [
        { kind: 'reshape', shape: [6, 1] },
        { kind: 'transpose', permutation: [1, 0] },
      ],
      [{ kind: 'reshape', shape: [1, 6] }],
    ],
    [
      'a reduction over extent 1',
      [
        { kind: 'reshape', shape: [2, 1, 3] },
        { kind: 'reduce', function: 'mean', axes: [1], keepDims: false },
      ],
      [],
    ],
    [
      'slices of slices',
      [slice([0, 2], [2, 2], [1, -2]), slice([1, 1], [1, 1])],
      [slice([1, 0], [1, 1], [1, -2])],
    ],
  ])('simplifies %s', (_, ops, expected) => {
    const graph = chain(...ops);
    const simplified = applyPasses(graph, [simplifyReshapes, removeDeadNodes]);
    expect(simplified.nodes.map(({ op }) => op)).toEqual(expected);
    expectSameResults(simplified, graph);
  });

  it('keeps a reversal, a real transpose and a real reshape', () => {
    for (const op of [
      slice([1, 0], [2, 3], [-1, 1]),
      { kind: 'transpose', permutation: [1, 0] } as const,
      { kind: 'reshape', shape: [3, 2] } as const,
    ]) {
      const graph = chain(op);
      expect(simplifyReshapes(graph)).toEqual(graph);
    }
  });

  it('reads the operand of a concatenation that a slice lies in', () => {
    const graph = graphOf({
      inputs: [
        { name: 'a', shape: [2, 3] },
        { name: 'b', shape: [2, 2] },
      ],
      outputs: [
        { name: 'inside', value: 'inside' },
        { name: 'across', value: 'across' },
        { name: 'all', value: 'all' },
      ],
      nodes: [
        node({ kind: 'concat', axis: 1 }, ['a', 'b'], 'joined'),
        node(slice([0, 3], [2, 1]), ['joined'], 'inside'),
        node(slice([0, 2], [2, 2]), ['joined'], 'across'),
        node(slice([0, 0], [2, 3]), ['joined'], 'all'),
      ],
    });
    const simplified = simplifyReshapes(graph);
    expect(simplified.nodes.map(({ inputs }) => inputs)).toEqual([['a', 'b'], ['b'], ['joined']]);
    expect(simplified.outputs.at(-1)).toEqual({ name: 'all', value: 'a' });
    expectSameResults(simplified, graph);
  });

  it('undoes a split', () => {
    const graph = {
      ...chain(neg),
      outputs: [{ name: 'y', value: 'joined' }],
      nodes: [
        node(slice([0, 0], [2, 1]), ['x'], 'a'),
        node(slice([0, 1], [2, 2]), ['x'], 'b'),
        node({ kind: 'concat', axis: 1 }, ['a', 'b'], 'joined'),
      ],
    };
    expect(simplifyReshapes(graph).outputs).toEqual([{ name: 'y', value: 'x' }]);
    const swapped = [...graph.nodes.slice(0, 2), node({ kind: 'concat', axis: 1 }, ['b', 'a'], 'joined')];
    expectSameResults(simplifyReshapes({ ...graph, nodes: swapped }), { ...graph, nodes: swapped });
  });
});

describe('standardPasses', () => {
  it('leave a speech model with nothing but its layers', () => {
    const graph = speechGraph();
    const simplified = applyPasses(graph);
    expect(kindsOf(simplified)).toEqual([
      'reshape',
      'pad',
      'foldWindows',
      'conv',
      'conv',
      'binary',
      'conv',
      'reduce',
      'reshape',
      'lstm',
      'reshape',
      'unary',
      'conv',
      'reshape',
    ]);
    expectSameResults(simplified, graph, 1e-5, 4);
  });
});
