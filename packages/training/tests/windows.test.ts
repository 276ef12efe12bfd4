import { inferShapes, type Graph, type Node } from '@grim/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTrainer, meanSquaredError } from '../src/index.ts';
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

/** Windows without a border: one over everything, or side by side. */
const plainWindows = (kernel: readonly number[], form: 'global' | 'tiled') => ({
  kernel,
  strides: form === 'global' ? kernel.map(() => 1) : kernel,
  dilations: kernel.map(() => 1),
  padsBegin: kernel.map(() => 0),
  padsEnd: kernel.map(() => 0),
});

const pools = fc
  .record({
    attributes,
    ...common,
    name: fc.constantFrom('max' as const, 'average' as const),
    countIncludePad: fc.boolean(),
    form: fc.constantFrom('any' as const, 'global' as const, 'tiled' as const),
    leftOver: fc.nat({ max: 2 }),
  })
  .map(({ attributes, name, countIncludePad, form, leftOver, seed, size }): Case => {
    const { spatial, kernel, ...op } = attributes;
    /** Windows side by side, with fewer elements after the last one than another would need. */
    const tiled = spatial.map((count, axis) => {
      const extent = kernel[axis] ?? 1;
      return count * extent + (leftOver % extent);
    });
    return {
      node: {
        name: 'pool',
        op: {
          kind: 'pool',
          function: name,
          countIncludePad,
          ...(form === 'any' ? { kernel, ...op } : plainWindows(form === 'global' ? spatial : kernel, form)),
        },
        inputs: ['mixed'],
        outputs: ['y'],
      },
      channels: 2,
      spatial: form === 'tiled' ? tiled : spatial,
      constants: {},
      seed,
      size,
    };
  })
  .filter((given) => fits(graphOf(given)));

const check = async (given: Case): Promise<void> => {
  await expectDerivatives(graphOf(given), { size: given.size, axes: { x: 0 } }, given.seed);
};

/** A window as large as its operand that does not lie on it: it begins in the border. */
const besideOperand: Case = {
  node: {
    name: 'pool',
    op: {
      kind: 'pool',
      function: 'max',
      kernel: [3],
      strides: [2],
      dilations: [1],
      padsBegin: [1],
      padsEnd: [0],
      countIncludePad: false,
    },
    inputs: ['mixed'],
    outputs: ['y'],
  },
  channels: 2,
  spatial: [3],
  constants: {},
  seed: 0,
  size: 1,
};

/** Enough kernels of 3×3 for minimal filtering, with tiles that reach beyond the result. */
const manyKernels: Case = {
  node: {
    name: 'conv',
    op: { kind: 'conv', groups: 1, strides: [1, 1], dilations: [1, 1], padsBegin: [1, 0], padsEnd: [1, 1] },
    inputs: ['mixed', 'weights', 'bias'],
    outputs: ['y'],
  },
  channels: 8,
  spatial: [5, 7],
  constants: { weights: [9, 8, 3, 3], bias: [9] },
  seed: 1,
  size: 3,
};

describe('windows', () => {
  it('convolutions have the outputs and derivatives of the reference', async () => {
    await fc.assert(fc.asyncProperty(convolutions, check), { numRuns: 40, examples: [[manyKernels]] });
  });

  it('pools have the outputs and derivatives of the reference', async () => {
    await fc.assert(fc.asyncProperty(pools, check), { numRuns: 100, examples: [[besideOperand]] });
  });

  it('equal elements of a window share its derivative', async () => {
    const gradientOf = async (name: 'max' | 'average'): Promise<Float32Array | undefined> => {
      const graph = graphOf({
        node: {
          name: 'pool',
          op: { kind: 'pool', function: name, countIncludePad: false, ...plainWindows([2, 3], 'tiled') },
          inputs: ['mixed'],
          outputs: ['y'],
        },
        channels: 2,
        spatial: [4, 6],
        constants: {},
        seed: 1,
        size: 1,
      });
      const zero = { ...graph, constants: new Map([['mix', { shape: [6, 6], data: new Float32Array(36) }]]) };
      const trainer = await createTrainer(zero, {
        batch: { size: 1, axes: { x: 0 } },
        loss: meanSquaredError(),
      });
      const x = Float32Array.from({ length: 48 }, (_, index) => Math.sin(index));
      const target = Float32Array.from({ length: 8 }, (_, index) => index);
      return (await trainer.lossAndGradients({ inputs: { x }, target })).gradients.get('mix');
    };
    const [maximum, average] = [await gradientOf('max'), await gradientOf('average')];
    expect(average?.some((value) => value !== 0)).toBe(true);
    maximum?.forEach((value, index) => {
      expect(value).toBeCloseTo(average?.[index] ?? NaN, 5);
    });
  });
});
