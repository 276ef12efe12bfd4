import {
  applyPasses,
  elementCount,
  evaluateGraph,
  GrimError,
  inferShapes,
  type Graph,
  type Node,
  type Shape,
} from '@grim/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withBatch } from '../src/batch/with-batch.ts';
import { randomConstants, randomValues } from './support/random-values.ts';

function graphOf(shape: readonly number[], nodes: readonly Node[]): Graph {
  return {
    name: 'graph',
    inputs: [{ name: 'x', shape }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: randomConstants({ weights: [5, 3], three: [2, 1, 3] }, 1),
    nodes,
  };
}

const chain = (...ops: readonly Node['op'][]): Node[] =>
  ops.map((op, index) => ({
    name: index === 0 ? op.kind : `${op.kind} ${index}`,
    op,
    inputs: [index === 0 ? 'x' : `v${index}`, ...(op.kind === 'linear' ? ['weights'] : [])],
    outputs: [index === ops.length - 1 ? 'y' : `v${index + 1}`],
  }));

/** Compares a batch of three, with the axis of its examples, with one example after the other. */
function expectExamplesApart(graph: Graph, axis: number): void {
  const size = 3;
  const { graph: batched, positions } = withBatch(graph, { size, axes: { x: axis } });
  const shape = graph.inputs[0]?.shape ?? [];
  const extent = elementCount(shape);
  const alone = Array.from({ length: size }, (_, example) => randomValues(extent, example));
  const inner = elementCount(shape.slice(axis + 1));
  const together = new Float32Array(size * extent);
  alone.forEach((values, example) => {
    values.forEach((value, index) => {
      together[(Math.floor(index / inner) * size + example) * inner + (index % inner)] = value;
    });
  });
  const all = evaluateGraph(batched, { inputs: { x: together } }).outputs['y'] ?? new Float32Array();
  const value = batched.outputs[0]?.value ?? '';
  const { axis: place = 0, before = 1, after = 1 } = positions.get(value) ?? {};
  const outputShape = inferShapes(batched).get(value) ?? [];
  expect(outputShape[place]).toBe(before * size * after);
  // Behind the examples, as many elements as those of the axis that were merged into it and of the axes that follow.
  const outputInner = after * elementCount(outputShape.slice(place + 1));
  alone.forEach((values, example) => {
    evaluateGraph(graph, { inputs: { x: values } }).outputs['y']?.forEach((expected, index) => {
      const at = (Math.floor(index / outputInner) * size + example) * outputInner + (index % outputInner);
      expect(all[at]).toBe(expected);
    });
  });
}

/** Operators on 12 elements or what is left of them, by random numbers. */
function randomOps(start: Shape, choices: readonly (readonly [number, number, number])[]): Node['op'][] {
  let shape = start;
  const pick = (values: Shape, by: number): number => values[by % values.length] ?? 0;
  return choices.map(([kind, one, other]): Node['op'] => {
    const axes = [...shape.keys()];
    const axis = pick(axes, one);
    const extent = shape[axis] ?? 1;
    switch (kind) {
      case 0: {
        const permutation = axes.toSorted((a, b) => ((a * 7 + one) % 5) - ((b * 7 + one) % 5) || a - b);
        shape = permutation.map((from) => shape[from] ?? 1);
        return { kind: 'transpose', permutation };
      }
      case 1:
        return { kind: 'softmax', axis };
      case 2: {
        shape = shape.length === 1 ? [1] : shape.toSpliced(axis, 1);
        return { kind: 'reduce', function: 'max', axes: [axis], keepDims: axes.length === 1 };
      }
      case 3: {
        const size = 1 + (other % extent);
        const sizes = shape.with(axis, size);
        const starts = shape.map((_, at) => (at === axis ? extent - size : 0));
        shape = sizes;
        return { kind: 'slice', starts, sizes, steps: shape.map(() => 1) };
      }
      default: {
        const count = elementCount(shape);
        const first = pick(
          [1, 2, 3, 4].filter((factor) => count % factor === 0),
          one,
        );
        shape = pick([0, 1], other) === 0 ? [first, 1, count / first] : [1, first, count / first];
        return { kind: 'reshape', shape };
      }
    }
  });
}

describe('withBatch', () => {
  it.each([
    [
      'flattened steps',
      [4, 1, 3],
      1,
      chain({ kind: 'reshape', shape: [4, 3] }, { kind: 'linear' }, { kind: 'reshape', shape: [4, 1, 5] }),
    ],
    [
      'axes of extent 1',
      [1, 4, 3],
      0,
      chain(
        { kind: 'reshape', shape: [1, 1, 12] },
        { kind: 'transpose', permutation: [1, 0, 2] },
        { kind: 'softmax', axis: 2 },
      ),
    ],
    [
      'a mean',
      [4, 1, 3],
      1,
      chain({ kind: 'reduce', function: 'mean', axes: [0], keepDims: false }, { kind: 'linear' }),
    ],
    ['a softmax along their axis', [4, 1, 3], 1, chain({ kind: 'softmax', axis: 1 })],
    [
      'a sum over their axis',
      [4, 1, 3],
      1,
      chain(
        { kind: 'reduce', function: 'sum', axes: [0, 1], keepDims: true },
        { kind: 'reshape', shape: [1, 3] },
      ),
    ],
    [
      'a slice of flattened steps',
      [4, 1, 3],
      1,
      chain(
        { kind: 'reshape', shape: [4, 3] },
        { kind: 'slice', starts: [3, 0], sizes: [1, 3], steps: [1, 1] },
        { kind: 'linear' },
      ),
    ],
    [
      'a reshape across their axis',
      [4, 1, 3],
      1,
      chain({ kind: 'reshape', shape: [3, 4] }, { kind: 'reshape', shape: [1, 12] }),
    ],
    [
      'a transpose that became a reshape, and back',
      [1, 4, 3],
      0,
      chain(
        { kind: 'reshape', shape: [4, 1, 3] },
        { kind: 'slice', starts: [3, 0, 0], sizes: [4, 1, 3], steps: [-1, 1, 1] },
        { kind: 'reshape', shape: [1, 4, 3] },
      ),
    ],
    [
      'images in a sequence',
      [1, 4, 1, 3],
      0,
      chain(
        { kind: 'reshape', shape: [4, 1, 3] },
        {
          kind: 'pool',
          function: 'max',
          kernel: [2],
          strides: [1],
          padsBegin: [0],
          padsEnd: [0],
          dilations: [1],
          countIncludePad: false,
        },
        { kind: 'reshape', shape: [1, 8] },
      ),
    ],
  ] as const)('gives each example the result it has alone: %s', (_, shape, axis, nodes) => {
    expectExamplesApart(graphOf(shape, nodes), axis);
  });

  it('gives each example the result it has alone, or refuses the graph, before and after its passes', () => {
    let refused = 0;
    const runs = 300;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 }),
        fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 }),
        (axis, choices) => {
          const start = [4, 3].toSpliced(axis, 0, 1);
          const graph = graphOf(start, chain(...randomOps(start, choices)));
          for (const each of [graph, applyPasses(graph)]) {
            try {
              expectExamplesApart(each, axis);
            } catch (error) {
              if (!(error instanceof GrimError)) throw error;
              expect(error.message).toMatch(/which counts the examples of a batch$/);
              refused++;
            }
          }
        },
      ),
      { numRuns: runs },
    );
    expect(refused).toBeLessThan(runs / 2);
  });

  it.each([
    [
      [4, 2, 3],
      chain({ kind: 'softmax', axis: 1 }),
      'softmax: softmax works along axis 1 of [4,2,3], which counts the examples of a batch',
    ],
    [
      [4, 2, 3],
      chain({ kind: 'reduce', function: 'sum', axes: [0, 1], keepDims: true }),
      'reduce: reduce works along axis 1 of [4,2,3], which counts the examples of a batch',
    ],
    [
      [4, 2, 3],
      chain(
        { kind: 'reshape', shape: [8, 3] },
        { kind: 'slice', starts: [3, 0], sizes: [1, 3], steps: [1, 1] },
      ),
      'slice 1: slice works along axis 0 of [8,3], which counts the examples of a batch',
    ],
    [
      [4, 1],
      chain({ kind: 'reshape', shape: [4] }, { kind: 'softmax', axis: 0 }),
      'softmax 1: softmax works along axis 0 of [4], which counts the examples of a batch',
    ],
    [
      [4, 2, 3],
      chain({ kind: 'reshape', shape: [6, 4] }),
      'reshape: the reshape from [4,2,3] to [6,4] takes examples of a batch apart',
    ],
  ] as const)('refuses what does not keep examples apart: %j', (shape, nodes, message) => {
    expect(() => withBatch(graphOf(shape, nodes), { size: 3, axes: { x: 1 } })).toThrow(message);
  });

  it('refuses values for each of several examples beside a batch of others', () => {
    const add: Node = {
      name: 'add',
      op: { kind: 'binary', function: 'add' },
      inputs: ['x', 'three'],
      outputs: ['y'],
    };
    expect(() => withBatch(graphOf([2, 1, 3], [add]), { size: 3, axes: { x: 0 } })).toThrow(
      'add: binary works along axis 0 of [2,1,3], which counts the examples of a batch',
    );
  });

  it('refuses axes that are not there', () => {
    const graph = graphOf([4, 1, 3], chain({ kind: 'softmax', axis: 2 }));
    expect(() => withBatch(graph, { size: 3, axes: {} })).toThrow(
      'batch axes do not say which axis of input x counts examples',
    );
    expect(() => withBatch(graph, { size: 3, axes: { z: 0 } })).toThrow(
      'batch axes name z, but the graph has only x',
    );
    expect(() => withBatch(graph, { size: 3, axes: { x: 3 } })).toThrow(
      'batch axis 3 of x is outside its shape [4,1,3]',
    );
    expect(() => withBatch(graph, { size: 0, axes: { x: 1 } })).toThrow(
      'batch size must be a positive integer, got 0',
    );
  });
});
