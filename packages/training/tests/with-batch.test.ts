import { elementCount, evaluateGraph, inferShapes, type Graph, type Node } from '@grim/ir';
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
    name: op.kind,
    op,
    inputs: [index === 0 ? 'x' : `v${index}`, ...(op.kind === 'linear' ? ['weights'] : [])],
    outputs: [index === ops.length - 1 ? 'y' : `v${index + 1}`],
  }));

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
  ] as const)('gives each example the result it has alone: %s', (_, shape, axis, nodes) => {
    const graph = graphOf(shape, nodes);
    const size = 3;
    const { graph: batched, positions } = withBatch(graph, { size, axes: { x: axis } });
    const alone = Array.from({ length: size }, (_, example) => randomValues(12, example));
    const inner = elementCount(shape.slice(axis + 1));
    const together = new Float32Array(36);
    alone.forEach((values, example) => {
      values.forEach((value, index) => {
        together[(Math.floor(index / inner) * size + example) * inner + (index % inner)] = value;
      });
    });
    const all = evaluateGraph(batched, { inputs: { x: together } }).outputs['y'] ?? new Float32Array();
    const place = positions.get('y');
    const outputShape = inferShapes(batched).get('y') ?? [];
    expect(outputShape[place?.axis ?? -1]).toBe(size);
    const outputInner = elementCount(outputShape.slice((place?.axis ?? 0) + 1));
    alone.forEach((values, example) => {
      evaluateGraph(graph, { inputs: { x: values } }).outputs['y']?.forEach((value, index) => {
        const at = (Math.floor(index / outputInner) * size + example) * outputInner + (index % outputInner);
        expect(all[at]).toBe(value);
      });
    });
  });

  it.each([
    [
      [4, 1, 3],
      chain({ kind: 'softmax', axis: 1 }),
      'softmax: softmax works along axis 1 of [4,1,3], which counts the examples of a batch',
    ],
    [
      [4, 1, 3],
      chain({ kind: 'reduce', function: 'sum', axes: [0, 1], keepDims: true }),
      'reduce: reduce works along axis 1 of [4,1,3], which counts the examples of a batch',
    ],
    [
      [4, 1, 3],
      chain(
        { kind: 'reshape', shape: [4, 3] },
        { kind: 'slice', starts: [3, 0], sizes: [1, 3], steps: [1, 1] },
      ),
      'slice: slice works along axis 0 of [4,3], which counts the examples of a batch',
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
