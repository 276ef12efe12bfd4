import fc from 'fast-check';

import {
  elementCount,
  type Activation,
  type ConvOperator,
  type Graph,
  type Node,
  type Operator,
  type ScheduleRecord,
  type Shape,
  type State,
  type Tensor,
  type WeightSpec,
} from '@grim/ir';

import { anyLayout, operandInLayout } from './operand-in-layout.ts';

/** Deterministic values between −1 and 1. */
export function noise(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 31 - 1;
  };
}

/** A tensor of deterministic values. */
export function randomTensor(shape: Shape, next: () => number): Tensor {
  return { shape, data: Float32Array.from({ length: elementCount(shape) }, next) };
}

/** How the weights of a random layer are pruned; `null` leaves them dense. */
export interface RandomBlocks {
  readonly blockRows: number;
  readonly blockColumns: number;
  readonly keepRow: number;
  readonly keepColumn: number;
}

/** Zeroes whole rows and columns of blocks, each kept with the given probability. */
export function pruneBlocks(tensor: Tensor, blocks: RandomBlocks, next: () => number): Tensor {
  const rows = tensor.shape[0] ?? 1;
  const columns = elementCount(tensor.shape.slice(1));
  const data = tensor.data.slice();
  const keep = (share: number): boolean => (next() + 1) / 2 < share;
  for (let top = 0; top < rows; top += blocks.blockRows) {
    for (let left = 0; left < columns; left += blocks.blockColumns) {
      const rowKept = Array.from({ length: blocks.blockRows }, () => keep(blocks.keepRow));
      const columnKept = Array.from({ length: blocks.blockColumns }, () => keep(blocks.keepColumn));
      for (let row = top; row < Math.min(rows, top + blocks.blockRows); row++) {
        for (let column = left; column < Math.min(columns, left + blocks.blockColumns); column++) {
          if (!(rowKept[row - top] && columnKept[column - left])) data[row * columns + column] = 0;
        }
      }
    }
  }
  return { shape: tensor.shape, data };
}

/** Collects the parts of a graph under construction. */
export class GraphSketch {
  readonly nodes: Node[] = [];
  readonly constants = new Map<string, Tensor>();
  readonly inputs: { name: string; shape: Shape }[] = [];
  readonly states: State[] = [];
  readonly next: () => number;

  constructor(seed: number) {
    this.next = noise(seed);
  }

  input(shape: Shape): string {
    const name = `input${String(this.inputs.length)}`;
    this.inputs.push({ name, shape });
    return name;
  }

  constant(shape: Shape, blocks?: RandomBlocks | null): string {
    const name = `constant${String(this.constants.size)}`;
    const tensor = randomTensor(shape, this.next);
    this.constants.set(name, blocks ? pruneBlocks(tensor, blocks, this.next) : tensor);
    return name;
  }

  node(
    op: Operator,
    inputs: readonly (string | null)[],
    results = 1,
    weights?: readonly WeightSpec[],
  ): string[] {
    const name = `${op.kind}${String(this.nodes.length)}`;
    const outputs = Array.from({ length: results }, (_, result) => `${name}.${String(result)}`);
    this.nodes.push({ name, op, inputs, outputs, ...(weights ? { weights } : {}) });
    return outputs;
  }

  graph(...outputs: readonly string[]): Graph {
    return {
      name: 'random',
      inputs: this.inputs,
      outputs: outputs.map((value, index) => ({ name: `output${String(index)}`, value })),
      states: this.states,
      constants: this.constants,
      nodes: this.nodes,
    };
  }
}

/** Layerwise representation of a pruned operand. */
export function weightSpecs(
  blocks: RandomBlocks | null,
  ...inputs: readonly number[]
): readonly WeightSpec[] | undefined {
  if (!blocks) return undefined;
  const { blockRows, blockColumns } = blocks;
  return inputs.map((input) => ({ input, bcr: { blockRows, blockColumns, rate: 2 } }));
}

/** The same with a schedule of the operand. */
export function scheduledWeights(
  blocks: RandomBlocks | null,
  input: number,
  schedule: ScheduleRecord,
): readonly WeightSpec[] | undefined {
  return weightSpecs(blocks, input)?.map((spec) => ({ ...spec, schedule }));
}

/** An activation, or none. */
export const anyActivation: fc.Arbitrary<Activation | undefined> = fc.constantFrom<
  (Activation | undefined)[]
>(
  undefined,
  { function: 'relu' },
  { function: 'sigmoid' },
  { function: 'leakyRelu', alpha: 0.1 },
  { function: 'hardSwish' },
);

/** Blocks of a pruned layer, or `null`. */
export const anyBlocks: fc.Arbitrary<RandomBlocks | null> = fc.option(
  fc.record({
    blockRows: fc.constantFrom(1, 3, 4, 8, 16),
    blockColumns: fc.integer({ min: 1, max: 12 }),
    keepRow: fc.constantFrom(1, 1, 0.6),
    keepColumn: fc.constantFrom(0.1, 0.3, 0.6),
  }),
);

const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const small = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });

/** One or two convolutions in a row, over one or two dimensions. */
export const convGraph: fc.Arbitrary<Graph> = fc
  .record({
    seed,
    rank: fc.constantFrom(1, 2),
    batch: small(2),
    channels: small(9),
    filters: fc.constantFrom(1, 3, 4, 5, 8, 9, 17, 33),
    extents: fc.tuple(small(6, 2), small(19, 2)),
    kernel: fc.tuple(small(3), small(4)),
    strides: fc.tuple(small(2), small(3)),
    dilations: fc.tuple(small(2), small(2)),
    padsBegin: fc.tuple(small(2, 0), small(3, 0)),
    padsEnd: fc.tuple(small(2, 0), small(3, 0)),
    grouping: fc.constantFrom('none', 'none', 'depthwise', 'groups'),
    multiplier: fc.constantFrom(1, 1, 2),
    bias: fc.boolean(),
    activation: anyActivation,
    blocks: anyBlocks,
    panels: fc.option(
      fc.record({
        panelChannels: small(5),
        blockHeight: small(3),
        pixelVectors: small(3),
        loopOrder: fc.constantFrom('rows', 'tiles'),
      }),
    ),
    second: fc.boolean(),
  })
  .map((choice) => {
    const pick = (pair: readonly [number, number]): number[] => (choice.rank === 1 ? [pair[1]] : [...pair]);
    const sketch = new GraphSketch(choice.seed);
    const groups = choice.grouping === 'none' ? 1 : choice.grouping === 'groups' ? 2 : choice.channels;
    const channels = choice.grouping === 'groups' ? choice.channels * 2 : choice.channels;
    const filters = choice.grouping === 'depthwise' ? channels * choice.multiplier : choice.filters * groups;
    const blocks = groups === 1 ? choice.blocks : null;
    const kernel = pick(choice.kernel);
    const dilations = pick(choice.dilations);
    // Room for the kernel whatever else was drawn.
    const extents = pick(choice.extents).map(
      (extent, axis) => extent + (dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1),
    );
    const op: ConvOperator = {
      kind: 'conv',
      strides: pick(choice.strides),
      padsBegin: pick(choice.padsBegin),
      padsEnd: pick(choice.padsEnd),
      dilations,
      groups,
      ...(choice.activation ? { activation: choice.activation } : {}),
    };
    const x = sketch.input([choice.batch, channels, ...extents]);
    const weights = sketch.constant([filters, channels / groups, ...kernel], blocks);
    const bias = choice.bias ? sketch.constant([filters]) : null;
    // A layer that is packed dense has no panels.
    const { data = [] } = sketch.constants.get(weights) ?? {};
    const isSparse = choice.rank === 2 && data.filter((value) => value === 0).length > data.length * 0.1;
    const specs =
      choice.panels && isSparse
        ? scheduledWeights(blocks, 1, { ...choice.panels, tileRows: 1, columnUnroll: 1, sums: 'scratch' })
        : weightSpecs(blocks, 1);
    const [y = ''] = sketch.node(op, [x, weights, bias], 1, specs);
    if (!choice.second) return sketch.graph(y);
    const ones = kernel.map(() => 1);
    const pointwise: ConvOperator = {
      kind: 'conv',
      strides: ones,
      padsBegin: ones,
      padsEnd: ones,
      dilations: ones,
      groups: 1,
    };
    const [z = ''] = sketch.node(pointwise, [y, sketch.constant([6, filters, ...kernel.map(() => 3)]), null]);
    return sketch.graph(z);
  });

/** A fully connected layer, an LSTM or a GRU with its states. */
export const denseAndRecurrentGraph: fc.Arbitrary<Graph> = fc
  .record({
    seed,
    kind: fc.constantFrom('linear', 'lstm', 'gru'),
    steps: small(3),
    batch: small(2),
    inputs: fc.constantFrom(1, 4, 7, 16),
    hidden: fc.constantFrom(1, 3, 4, 9, 16),
    direction: fc.constantFrom('forward', 'reverse'),
    bias: fc.boolean(),
    carried: fc.boolean(),
    linearBeforeReset: fc.boolean(),
    activation: anyActivation,
    blocks: anyBlocks,
    layout: anyLayout,
  })
  .map((choice) => {
    const { steps, batch, inputs, hidden, blocks } = choice;
    const sketch = new GraphSketch(choice.seed);
    const x = operandInLayout(sketch, [steps, batch, inputs], choice.layout);
    const weights = (rows: number, columns: number): string => sketch.constant([rows, columns], blocks);
    const bias = (rows: number): string | null => (choice.bias ? sketch.constant([rows]) : null);
    const carry = (output: string, name: string): string | null => {
      if (!choice.carried) return null;
      sketch.states.push({ name, shape: [batch, hidden], input: `${name}.before`, output });
      return `${name}.before`;
    };
    if (choice.kind === 'linear') {
      const op = { kind: 'linear' as const, ...(choice.activation ? { activation: choice.activation } : {}) };
      const [y = ''] = sketch.node(op, [x, weights(hidden, inputs), bias(hidden)], 1, weightSpecs(blocks, 1));
      return sketch.graph(y);
    }
    const name = `${choice.kind}${String(sketch.nodes.length)}`;
    const sigmoid = { function: 'sigmoid' as const };
    const tanh = { function: 'tanh' as const };
    const { direction } = choice;
    if (choice.kind === 'lstm') {
      const results = sketch.node(
        { kind: 'lstm', hidden, direction, activations: [sigmoid, tanh, tanh] },
        [
          x,
          weights(4 * hidden, inputs),
          weights(4 * hidden, hidden),
          bias(4 * hidden),
          carry(`${name}.1`, 'h'),
          carry(`${name}.2`, 'c'),
        ],
        3,
        weightSpecs(blocks, 1, 2),
      );
      return sketch.graph(...results);
    }
    const { linearBeforeReset } = choice;
    const results = sketch.node(
      { kind: 'gru', hidden, direction, linearBeforeReset, activations: [sigmoid, tanh] },
      [
        x,
        weights(3 * hidden, inputs),
        weights(3 * hidden, hidden),
        bias(3 * hidden),
        bias(3 * hidden),
        carry(`${name}.1`, 'h'),
      ],
      2,
      weightSpecs(blocks, 1, 2),
    );
    return sketch.graph(...results);
  });

type Step = (
  sketch: GraphSketch,
  value: string,
  shape: Shape,
  draw: (limit: number) => number,
) => [string, Shape];

const movementSteps: Record<string, Step> = {
  transpose: (sketch, value, shape) => {
    const permutation = [...shape.keys()].reverse();
    const [y = ''] = sketch.node({ kind: 'transpose', permutation }, [value]);
    return [y, permutation.map((axis) => shape[axis] ?? 1)];
  },
  slice: (sketch, value, shape, draw) => {
    const reversed = draw(2) === 1;
    const sizes = shape.map((extent) => 1 + draw(extent));
    const starts = shape.map((extent, axis) => (reversed ? extent - 1 : extent - (sizes[axis] ?? 1)));
    const [y = ''] = sketch.node(
      { kind: 'slice', starts, sizes, steps: shape.map(() => (reversed ? -1 : 1)) },
      [value],
    );
    return [y, sizes];
  },
  reshape: (sketch, value, shape) => {
    const target = [elementCount(shape.slice(1)), shape[0] ?? 1, 1];
    const [y = ''] = sketch.node({ kind: 'reshape', shape: target }, [value]);
    return [y, target];
  },
  concat: (sketch, value, shape, draw) => {
    const axis = draw(shape.length);
    const [y = ''] = sketch.node({ kind: 'concat', axis }, [value, value]);
    return [y, shape.map((extent, dimension) => (dimension === axis ? extent * 2 : extent))];
  },
  pad: (sketch, value, shape, draw) => {
    const mode = (['constant', 'edge', 'reflect'] as const)[draw(3)] ?? 'constant';
    const begin = shape.map((extent) => Math.min(draw(3), extent - 1));
    const end = shape.map((extent) => Math.min(draw(3), extent - 1));
    const [y = ''] = sketch.node({ kind: 'pad', mode, begin, end, value: 0.5 }, [value]);
    return [y, shape.map((extent, axis) => extent + (begin[axis] ?? 0) + (end[axis] ?? 0))];
  },
  reduce: (sketch, value, shape, draw) => {
    const axis = draw(shape.length);
    const name = (['max', 'mean', 'min', 'sum'] as const)[draw(4)] ?? 'sum';
    const [y = ''] = sketch.node({ kind: 'reduce', function: name, axes: [axis], keepDims: true }, [value]);
    return [y, shape.map((extent, dimension) => (dimension === axis ? 1 : extent))];
  },
  softmax: (sketch, value, shape, draw) => {
    const [y = ''] = sketch.node({ kind: 'softmax', axis: draw(shape.length) }, [value]);
    return [y, shape];
  },
  layerNorm: (sketch, value, shape, draw) => {
    const axis = draw(shape.length);
    const inner = shape.slice(axis);
    const bias = draw(2) === 0 ? null : sketch.constant(inner);
    const op = { kind: 'layerNorm', axis, epsilon: 0.1 } as const;
    const [y = ''] = sketch.node(op, [value, sketch.constant(inner), bias]);
    return [y, shape];
  },
  unary: (sketch, value, shape, draw) => {
    const name = (['abs', 'exp', 'neg', 'relu', 'sigmoid', 'square', 'tanh'] as const)[draw(7)] ?? 'abs';
    const [y = ''] = sketch.node({ kind: 'unary', activation: { function: name } }, [value]);
    return [y, shape];
  },
  binary: (sketch, value, shape, draw) => {
    const name = (['add', 'max', 'min', 'mul', 'sub'] as const)[draw(5)] ?? 'add';
    const other = sketch.constant(draw(2) === 0 ? shape.map((extent) => (draw(2) === 0 ? 1 : extent)) : [1]);
    const [y = ''] = sketch.node(
      { kind: 'binary', function: name },
      draw(2) === 0 ? [value, other] : [other, value],
    );
    return [y, shape];
  },
};

/** A chain of data movement and elementwise operators on a tensor of rank 3. */
export const movementGraph: fc.Arbitrary<Graph> = fc
  .record({
    seed,
    shape: fc.tuple(small(3), small(5), small(9)),
    steps: fc.array(fc.constantFrom(...Object.keys(movementSteps)), { minLength: 1, maxLength: 6 }),
  })
  .map((choice) => {
    const sketch = new GraphSketch(choice.seed);
    const pick = noise(choice.seed + 1);
    const draw = (limit: number): number => Math.min(limit - 1, Math.floor(((pick() + 1) / 2) * limit));
    let shape: Shape = choice.shape;
    let value = sketch.input(shape);
    for (const step of choice.steps) {
      const apply = movementSteps[step];
      // Chains of concatenations and paddings stay small enough to interpret.
      if (apply && elementCount(shape) < 2000) [value, shape] = apply(sketch, value, shape, draw);
    }
    return sketch.graph(value);
  });
