import fc from 'fast-check';

import {
  elementCount,
  type ConvOperator,
  type Graph,
  type PoolOperator,
  type ResizeOperator,
} from '@grim/ir';

import { anyLayout, operandInLayout } from './operand-in-layout.ts';
import { anyActivation, anyBlocks, GraphSketch, weightSpecs } from './random-graph.ts';

const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const pair = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(whole(min, max), whole(min, max));

/** Shapes with few enough elements to interpret. */
const shapeOfRank = (minimum: number, maximum: number, extent = 7): fc.Arbitrary<number[]> =>
  fc
    .array(whole(1, extent), { minLength: minimum, maxLength: maximum })
    .filter((shape) => elementCount(shape) <= 2000);

/** `[N,C,H,W]` or `[N,C,L]` in any layout, or as a convolution leaves it, and perhaps read by one. */
const surroundings = fc.record({
  seed,
  batch: whole(1, 2),
  channels: whole(1, 9),
  layout: fc.oneof(anyLayout, fc.constant('convolved' as const)),
  // Pools treat values that cannot be negative in a way of their own.
  activation: anyActivation,
  after: fc.boolean(),
});

/** Surrounds an operator that keeps the channels of `[N,C,…]`. */
function surround(
  choice: typeof surroundings extends fc.Arbitrary<infer Choice> ? Choice : never,
  extents: readonly number[],
  apply: (sketch: GraphSketch, x: string) => string,
): Graph {
  const sketch = new GraphSketch(choice.seed);
  const ones = extents.map(() => 1);
  const convolve = (x: string, filters: number, channels: number): string => {
    const conv: ConvOperator = {
      kind: 'conv',
      strides: ones,
      padsBegin: ones,
      padsEnd: ones,
      dilations: ones,
      groups: 1,
      ...(choice.activation ? { activation: choice.activation } : {}),
    };
    const weights = sketch.constant([filters, channels, ...extents.map(() => 3)]);
    return sketch.node(conv, [x, weights, null])[0] ?? '';
  };
  const { batch, channels, layout } = choice;
  const x =
    layout === 'convolved'
      ? convolve(sketch.input([batch, 2, ...extents]), channels, 2)
      : operandInLayout(sketch, [batch, channels, ...extents], layout);
  const y = apply(sketch, x);
  return sketch.graph(choice.after ? convolve(y, 3, channels) : y);
}

/** Operands that broadcast to one shape, each an input or a constant, scalars on either side included. */
const elementwise = fc
  .record({
    seed,
    shape: shapeOfRank(0, 5),
    operands: fc.array(
      fc.record({
        // Bit `axis` tells whether the operand is broadcast along it.
        broadcast: whole(0, 31),
        dropped: whole(0, 5),
        constant: fc.boolean(),
        layout: anyLayout,
      }),
      { minLength: 2, maxLength: 4 },
    ),
    functions: fc.array(fc.constantFrom('add', 'div', 'max', 'min', 'mul', 'sub'), {
      minLength: 3,
      maxLength: 3,
    }),
    unary: fc.constantFrom(undefined, 'relu', 'sigmoid', 'abs', 'neg'),
    swapped: fc.boolean(),
  })
  .filter(({ operands }) => !operands.every(({ constant }) => constant))
  .map((choice) => {
    const sketch = new GraphSketch(choice.seed);
    const values = choice.operands.map(({ broadcast, dropped, constant, layout }) => {
      const full = choice.shape.map((extent, axis) => ((broadcast >> axis) & 1 ? 1 : extent));
      // Only leading dimensions may be left out.
      const shape = full.slice(Math.min(dropped, full.length));
      return constant ? sketch.constant(shape) : operandInLayout(sketch, shape, layout);
    });
    const [first = '', ...others] = values;
    const y = others.reduce((left, right, index) => {
      const name = choice.functions[index] ?? 'add';
      const operands = choice.swapped ? [right, left] : [left, right];
      const [combined = ''] = sketch.node({ kind: 'binary', function: name }, operands);
      if (!choice.unary) return combined;
      return sketch.node({ kind: 'unary', activation: { function: choice.unary } }, [combined])[0] ?? '';
    }, first);
    return sketch.graph(y);
  });

const transpose = shapeOfRank(1, 5).chain((shape) =>
  fc
    .record({
      seed,
      layout: anyLayout,
      permutation: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
      // Elementwise work after it has to write the permuted elements down.
      after: fc.boolean(),
    })
    .map((choice) => {
      const sketch = new GraphSketch(choice.seed);
      const x = operandInLayout(sketch, shape, choice.layout);
      const [y = ''] = sketch.node({ kind: 'transpose', permutation: choice.permutation }, [x]);
      if (!choice.after) return sketch.graph(y);
      const other = sketch.constant(choice.permutation.map((axis) => shape[axis] ?? 1));
      return sketch.graph(sketch.node({ kind: 'binary', function: 'add' }, [y, other])[0] ?? '');
    }),
);

const concat = fc
  .record({
    seed,
    shape: shapeOfRank(1, 5, 5),
    axis: whole(0, 4),
    parts: fc.array(fc.record({ extent: whole(1, 6), constant: fc.boolean(), layout: anyLayout }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map((choice) => {
    const sketch = new GraphSketch(choice.seed);
    const axis = choice.axis % choice.shape.length;
    const values = choice.parts.map(({ extent, constant, layout }, part) => {
      const shape = choice.shape.map((other, along) => (along === axis ? extent : other));
      return constant && part > 0 ? sketch.constant(shape) : operandInLayout(sketch, shape, layout);
    });
    return sketch.graph(sketch.node({ kind: 'concat', axis }, values)[0] ?? '');
  });

const slice = fc
  .record({
    seed,
    layout: anyLayout,
    axes: fc.array(
      fc.record({
        size: whole(1, 4),
        step: fc.constantFrom(-3, -2, -1, 1, 1, 2, 3),
        before: whole(0, 2),
        after: whole(0, 2),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map((choice) => {
    const sketch = new GraphSketch(choice.seed);
    const spans = choice.axes.map(({ size, step }) => (size - 1) * Math.abs(step));
    const shape = choice.axes.map(({ before, after }, axis) => before + (spans[axis] ?? 0) + 1 + after);
    const starts = choice.axes.map(({ step, before }, axis) => before + (step < 0 ? (spans[axis] ?? 0) : 0));
    const sizes = choice.axes.map(({ size }) => size);
    const steps = choice.axes.map(({ step }) => step);
    const x = operandInLayout(sketch, shape, choice.layout);
    return sketch.graph(sketch.node({ kind: 'slice', starts, sizes, steps }, [x])[0] ?? '');
  })
  .filter(({ inputs }) => inputs.every(({ shape }) => elementCount(shape) <= 4000));

const pad = fc
  .record({
    seed,
    layout: anyLayout,
    mode: fc.constantFrom('constant', 'edge', 'reflect'),
    value: fc.constantFrom(0, 1.5, -Infinity),
    shape: shapeOfRank(1, 5, 4),
    begin: fc.array(whole(0, 3), { minLength: 5, maxLength: 5 }),
    end: fc.array(whole(0, 3), { minLength: 5, maxLength: 5 }),
  })
  .map(({ seed, layout, mode, value, shape, ...amounts }) => {
    const sketch = new GraphSketch(seed);
    const limit = (values: readonly number[]): number[] =>
      shape.map((extent, axis) => Math.min(values[axis] ?? 0, mode === 'reflect' ? extent - 1 : 3));
    const [begin, end] = [limit(amounts.begin), limit(amounts.end)];
    const x = operandInLayout(sketch, shape, layout);
    return sketch.graph(sketch.node({ kind: 'pad', mode, begin, end, value }, [x])[0] ?? '');
  });

const reduce = fc
  .record({
    seed,
    layout: anyLayout,
    shape: shapeOfRank(1, 5),
    reduced: whole(1, 31),
    function: fc.constantFrom('max', 'mean', 'min', 'sum'),
    keepDims: fc.boolean(),
  })
  .map((choice) => {
    const sketch = new GraphSketch(choice.seed);
    const chosen = [...choice.shape.keys()].filter((axis) => (choice.reduced >> axis) & 1);
    const axes = chosen.length > 0 ? chosen : [0];
    const op = { kind: 'reduce', function: choice.function, axes, keepDims: choice.keepDims } as const;
    return sketch.graph(sketch.node(op, [operandInLayout(sketch, choice.shape, choice.layout)])[0] ?? '');
  });

/** The extents that windows need at least, whatever else was drawn. */
function room(extents: readonly number[], kernel: readonly number[], dilations: readonly number[]): number[] {
  return extents.map((extent, axis) => extent + (dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1));
}

const pool = fc
  .record({
    surroundings,
    rank: fc.constantFrom(1, 2),
    function: fc.constantFrom('average', 'max'),
    extents: pair(1, 12),
    kernel: pair(1, 7),
    strides: pair(1, 3),
    dilations: pair(1, 2),
    padsBegin: pair(0, 6),
    padsEnd: pair(0, 6),
    countIncludePad: fc.boolean(),
  })
  .map((choice) => {
    const pick = (values: readonly number[]): number[] => values.slice(0, choice.rank);
    const [kernel, dilations] = [pick(choice.kernel), pick(choice.dilations)];
    const limit = (pads: readonly number[]): number[] =>
      pick(pads).map((amount, axis) => Math.min(amount, (dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1)));
    const op: PoolOperator = {
      kind: 'pool',
      function: choice.function,
      kernel,
      strides: pick(choice.strides),
      padsBegin: limit(choice.padsBegin),
      padsEnd: limit(choice.padsEnd),
      dilations,
      countIncludePad: choice.countIncludePad,
    };
    const extents = room(pick(choice.extents), kernel, dilations);
    return surround(choice.surroundings, extents, (sketch, x) => sketch.node(op, [x])[0] ?? '');
  });

const conv = fc
  .record({
    seed,
    layout: anyLayout,
    rank: fc.constantFrom(1, 2),
    batch: whole(1, 2),
    // Channels of a group in and out; a depthwise convolution has one in.
    inputs: fc.constantFrom(1, 1, 3, 4),
    outputs: fc.constantFrom(1, 2, 4, 5),
    groups: fc.constantFrom(1, 1, 2, 3, 5, 8),
    extents: pair(1, 9),
    kernel: fc.oneof(
      pair(1, 7),
      whole(1, 7).map((size) => [size, size]),
    ),
    strides: pair(1, 2),
    dilations: pair(1, 3),
    padsBegin: pair(0, 7),
    padsEnd: pair(0, 7),
    bias: fc.boolean(),
    blocks: anyBlocks,
  })
  .map((choice) => {
    const pick = (values: readonly number[]): number[] => values.slice(0, choice.rank);
    const sketch = new GraphSketch(choice.seed);
    const { batch, groups, inputs, outputs } = choice;
    const [kernel, dilations] = [pick(choice.kernel), pick(choice.dilations)];
    const op: ConvOperator = {
      kind: 'conv',
      strides: pick(choice.strides),
      padsBegin: pick(choice.padsBegin),
      padsEnd: pick(choice.padsEnd),
      dilations,
      groups,
    };
    const extents = room(pick(choice.extents), kernel, dilations);
    const x = operandInLayout(sketch, [batch, groups * inputs, ...extents], choice.layout);
    const blocks = groups === 1 ? choice.blocks : null;
    const weights = sketch.constant([groups * outputs, inputs, ...kernel], blocks);
    const bias = choice.bias ? sketch.constant([groups * outputs]) : null;
    return sketch.graph(...sketch.node(op, [x, weights, bias], 1, weightSpecs(blocks, 1)));
  });

const resize = fc
  .record({
    surroundings,
    axes: fc.array(
      fc.record({
        extent: whole(1, 9),
        // Whole factors, where elements are repeated, or any size.
        factor: fc.constantFrom(0, 1, 2, 2, 3, 4, 5),
        size: whole(1, 20),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    interpolation: fc.constantFrom(
      'linear',
      'linear',
      'nearestCeil',
      'nearestFloor',
      'nearestRoundPreferCeil',
      'nearestRoundPreferFloor',
    ),
    coordinates: fc.constantFrom('alignCorners', 'asymmetric', 'halfPixel', 'pytorchHalfPixel'),
  })
  .map(({ axes, interpolation, coordinates, ...choice }) => {
    const sizes = axes.map(({ extent, factor, size }) => (factor === 0 ? size : extent * factor));
    const scales = axes.map(({ extent }, axis) => (sizes[axis] ?? 1) / extent);
    const op: ResizeOperator = { kind: 'resize', interpolation, coordinates, sizes, scales };
    const extents = axes.map(({ extent }) => extent);
    return surround(choice.surroundings, extents, (sketch, x) => sketch.node(op, [x])[0] ?? '');
  });

/** Random graphs of one operator, in any layout and between layers where that matters, by operator. */
export const singleOperatorGraphs = {
  concat,
  conv,
  elementwise,
  pad,
  pool,
  reduce,
  resize,
  slice,
  transpose,
} satisfies Readonly<Record<string, fc.Arbitrary<Graph>>>;
