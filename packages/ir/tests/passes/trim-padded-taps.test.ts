import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  elementCount,
  evaluateGraph,
  inferShapes,
  trimPaddedTaps,
  type Graph,
  type Tensor,
} from '../../src/index.ts';

function ramp(shape: readonly number[]): Tensor {
  return {
    shape,
    data: Float32Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(i * 1.3 + 0.2)),
  };
}

interface Case {
  readonly extents: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly padsBegin: readonly number[];
  readonly padsEnd: readonly number[];
  readonly dilations: readonly number[];
}

function convGraph(shape: Case): Graph {
  const { extents, kernel, ...attributes } = shape;
  return {
    name: 'conv',
    inputs: [{ name: 'x', shape: [1, 2, ...extents] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([['w', ramp([3, 2, ...kernel])]]),
    nodes: [
      {
        name: 'conv',
        op: { kind: 'conv', groups: 1, ...attributes },
        inputs: ['x', 'w', null],
        outputs: ['y'],
      },
    ],
  };
}

const weightCount = (graph: Graph): number =>
  graph.constants.get(graph.nodes[0]?.inputs[1] ?? '')?.data.length ?? 0;

describe('trimPaddedTaps', () => {
  it('keeps the one tap that meets a sequence of length 1', () => {
    const graph = convGraph({
      extents: [1],
      kernel: [3],
      strides: [1],
      padsBegin: [1],
      padsEnd: [1],
      dilations: [1],
    });
    const trimmed = trimPaddedTaps(graph);
    expect(weightCount(trimmed)).toBe(6);
    expect(trimmed.nodes[0]?.op).toMatchObject({ padsBegin: [0], padsEnd: [0] });
  });

  it('leaves kernels alone whose taps all meet the input', () => {
    const graph = convGraph({
      extents: [4],
      kernel: [3],
      strides: [2],
      padsBegin: [1],
      padsEnd: [1],
      dilations: [1],
    });
    expect(weightCount(trimPaddedTaps(graph))).toBe(18);
  });

  it('never changes what a convolution computes', () => {
    const two = (low: number, high: number): fc.Arbitrary<[number, number]> =>
      fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }));
    const shape = fc
      .record({
        extents: two(1, 4),
        kernel: two(1, 4),
        strides: two(1, 3),
        padsBegin: two(0, 4),
        padsEnd: two(0, 4),
        dilations: two(1, 2),
      })
      .filter(({ extents, kernel, padsBegin, padsEnd, dilations }) =>
        [0, 1].every(
          (axis) =>
            (extents[axis] ?? 0) + (padsBegin[axis] ?? 0) + (padsEnd[axis] ?? 0) >
            (dilations[axis] ?? 0) * ((kernel[axis] ?? 0) - 1),
        ),
      );
    let trimmedCases = 0;
    fc.assert(
      fc.property(shape, (choice) => {
        const graph = convGraph(choice);
        const trimmed = trimPaddedTaps(graph);
        if (weightCount(trimmed) < weightCount(graph)) trimmedCases++;
        expect(inferShapes(trimmed).get('y')).toEqual(inferShapes(graph).get('y'));
        const x = ramp([1, 2, ...choice.extents]).data;
        const before = evaluateGraph(graph, { inputs: { x } }).outputs['y'];
        const after = evaluateGraph(trimmed, { inputs: { x } }).outputs['y'];
        expect(after).toEqual(before);
      }),
      { numRuns: 500 },
    );
    expect(trimmedCases).toBeGreaterThan(20);
  });
});
