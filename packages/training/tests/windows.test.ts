import { inferShapes, type Graph, type Node } from '@grim/ir';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectDerivatives } from './support/expect-derivatives.ts';
import { randomConstants } from './support/random-values.ts';

interface Case {
  readonly node: Node;
  readonly channels: number;
  readonly spatial: readonly number[];
  readonly constants: Readonly<Record<string, readonly number[]>>;
  readonly seed: number;
  readonly size: number;
}

/** The node behind a linear layer over the last axis, so that the derivative by its input counts. */
function graphOf({ node, channels, spatial, constants, seed }: Case): Graph {
  const last = spatial.at(-1) ?? 1;
  return {
    name: node.name,
    inputs: [{ name: 'x', shape: [1, channels, ...spatial] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: randomConstants({ ...constants, mix: [last, last] }, seed),
    nodes: [{ name: 'mix', op: { kind: 'linear' }, inputs: ['x', 'mix'], outputs: ['mixed'] }, node],
  };
}

const fits = (graph: Graph): boolean => {
  try {
    inferShapes(graph);
    return true;
  } catch {
    return false;
  }
};

const attributes = fc.integer({ min: 1, max: 2 }).chain((rank) => {
  const each = (min: number, max: number): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min, max }), { minLength: rank, maxLength: rank });
  return fc.record({
    spatial: each(3, 7),
    kernel: each(1, 3),
    strides: each(1, 3),
    dilations: each(1, 2),
    padsBegin: each(0, 2),
    padsEnd: each(0, 2),
  });
});
const common = { seed: fc.integer(), size: fc.integer({ min: 1, max: 2 }) };

const convolutions = fc
  .record({
    attributes,
    ...common,
    groups: fc.constantFrom<readonly number[]>([1, 2, 3], [2, 2, 2], [2, 4, 2], [3, 3, 3]),
    bias: fc.boolean(),
    activation: fc.constantFrom(undefined, 'tanh' as const, 'square' as const),
  })
  .map(
    ({
      attributes: { spatial, kernel, ...op },
      groups: [groups = 1, channels = 1, filters = 1],
      bias,
      activation,
      seed,
      size,
    }): Case => ({
      node: {
        name: 'conv',
        op: { kind: 'conv', groups, ...op, ...(activation && { activation: { function: activation } }) },
        inputs: ['mixed', 'weights', bias ? 'bias' : null],
        outputs: ['y'],
      },
      channels,
      spatial,
      constants: { weights: [filters, channels / groups, ...kernel], bias: [filters] },
      seed,
      size,
    }),
  )
  .filter((given) => fits(graphOf(given)));

const pools = fc
  .record({
    attributes,
    ...common,
    name: fc.constantFrom('max' as const, 'average' as const),
    countIncludePad: fc.boolean(),
    isGlobal: fc.boolean(),
  })
  .map(({ attributes: { spatial, kernel, ...op }, name, countIncludePad, isGlobal, seed, size }): Case => ({
    node: {
      name: 'pool',
      op: {
        kind: 'pool',
        function: name,
        countIncludePad,
        ...(isGlobal
          ? {
              kernel: spatial,
              strides: spatial.map(() => 1),
              dilations: spatial.map(() => 1),
              padsBegin: spatial.map(() => 0),
              padsEnd: spatial.map(() => 0),
            }
          : { kernel, ...op }),
      },
      inputs: ['mixed'],
      outputs: ['y'],
    },
    channels: 2,
    spatial,
    constants: {},
    seed,
    size,
  }))
  .filter((given) => fits(graphOf(given)));

const check = async (given: Case): Promise<void> => {
  await expectDerivatives(graphOf(given), { size: given.size, axes: { x: 0 } }, given.seed);
};

describe('windows', () => {
  it('convolutions have the outputs and derivatives of the reference', async () => {
    await fc.assert(fc.asyncProperty(convolutions, check), { numRuns: 20 });
  });

  it('pools have the outputs and derivatives of the reference', async () => {
    await fc.assert(fc.asyncProperty(pools, check), { numRuns: 15 });
  });
});
