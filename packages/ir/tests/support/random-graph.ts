import {
  elementCount,
  type Activation,
  inferShapes,
  type Graph,
  type Node,
  type Operator,
  type Shape,
  type Tensor,
} from '../../src/index.ts';
import fc, { type GeneratorValue } from 'fast-check';
import { graphOf } from './graphs.ts';

/** Draws random choices; a failing graph is reported with its seed by fast-check. */
class Draw {
  private readonly generate: GeneratorValue;

  constructor(generate: GeneratorValue) {
    this.generate = generate;
  }

  integer(min: number, max: number): number {
    return this.generate(fc.integer, { min, max });
  }

  from<const T>(values: readonly [T, ...T[]]): T {
    return values[this.integer(0, values.length - 1)] ?? values[0];
  }

  order(count: number): number[] {
    const axes = Array.from({ length: count }, (_, axis) => axis);
    return this.generate(fc.shuffledSubarray, axes, { minLength: count });
  }
}

const functions = ['add', 'mul', 'sub', 'max'] as const;

function randomActivation(draw: Draw): Activation {
  return { function: draw.from(['relu', 'tanh', 'sigmoid', 'neg', 'square', 'abs']) };
}

function randomReshape(shape: Shape, draw: Draw): Operator {
  const flat = elementCount(shape);
  const rows = draw.from<number>([1, 2, 3]);
  const split = flat % rows === 0 ? [rows, flat / rows] : [flat];
  return { kind: 'reshape', shape: draw.from<Shape>([split, [flat], shape, [...shape, 1], [1, ...shape]]) };
}

/** A slice that takes everything, one half, every second element or the reverse along one axis. */
function randomSlice(shape: Shape, draw: Draw): Operator {
  const sliced = draw.integer(0, Math.max(0, shape.length - 1));
  const extent = shape[sliced] ?? 1;
  const half = Math.ceil(extent / 2);
  const [start, size, step] = draw.from<readonly [number, number, number]>([
    [0, extent, 1],
    [0, half, 1],
    [extent - half, half, 1],
    [0, half, 2],
    [extent - 1, extent, -1],
  ]);
  return {
    kind: 'slice',
    starts: shape.map((_, axis) => (axis === sliced ? start : 0)),
    sizes: shape.map((full, axis) => (axis === sliced ? size : full)),
    steps: shape.map((_, axis) => (axis === sliced ? step : 1)),
  };
}

/** An operator of one operand that fits the shape and makes it at most twice as large. */
function randomOperator(shape: Shape, draw: Draw): Operator {
  const axis = draw.integer(0, Math.max(0, shape.length - 1));
  switch (draw.from(['unary', 'reshape', 'transpose', 'slice', 'slice', 'pad', 'reduce'])) {
    case 'unary':
      return { kind: 'unary', activation: randomActivation(draw) };
    case 'reshape':
      return randomReshape(shape, draw);
    case 'transpose':
      return { kind: 'transpose', permutation: draw.order(shape.length) };
    case 'slice':
      return randomSlice(shape, draw);
    case 'pad': {
      const amount = draw.integer(0, 1);
      const begin = shape.map((_, position) => (position === axis ? amount : 0));
      return { kind: 'pad', mode: draw.from(['constant', 'edge']), begin, end: begin, value: 0.5 };
    }
    case 'reduce': {
      const name = draw.from(['mean', 'sum', 'max', 'min']);
      const axes = shape.length === 0 ? [] : [axis];
      return { kind: 'reduce', function: name, axes, keepDims: draw.from<boolean>([true, false]) };
    }
  }
}

/** Collects nodes and constants, and knows the shape of every value so far. */
class GraphBuilder {
  readonly constants = new Map<string, Tensor>();
  readonly nodes: Node[] = [];
  /** Values that later nodes may read, in the order they were made. */
  readonly values: string[] = [];
  private readonly start: Graph;

  constructor(start: Graph) {
    this.start = start;
  }

  graph(): Graph {
    return { ...this.start, constants: this.constants, nodes: this.nodes };
  }

  shapeOf(value: string): Shape {
    return inferShapes(this.graph()).get(value) ?? [];
  }

  add(op: Operator, inputs: readonly string[]): string {
    const output = `v${this.nodes.length}`;
    this.nodes.push({ name: `node ${this.nodes.length}`, op, inputs, outputs: [output] });
    this.values.push(output);
    return output;
  }

  constant(shape: Shape, next: () => number): string {
    const name = `c${this.constants.size}`;
    this.constants.set(name, { shape, data: new Float32Array(elementCount(shape)).map(next) });
    return name;
  }
}

function addRandomNode(builder: GraphBuilder, draw: Draw): void {
  // Mostly the newest value, so that chains grow.
  const newest = builder.values.length - 1;
  const value = builder.values[draw.integer(0, 2) > 0 ? newest : draw.integer(0, newest)] ?? '';
  const shape = builder.shapeOf(value);
  const optionalActivation = draw.integer(0, 2) === 0 ? { activation: randomActivation(draw) } : {};
  const weights = (): number => draw.integer(-8, 8) / 8;
  switch (draw.from(['one', 'one', 'one', 'self', 'constant', 'concat', 'cut concat', 'linear', 'folded'])) {
    case 'one':
      if (elementCount(shape) <= 64) builder.add(randomOperator(shape, draw), [value]);
      break;
    case 'self':
      builder.add({ kind: 'binary', function: draw.from(functions), ...optionalActivation }, [value, value]);
      break;
    case 'constant': {
      const uniform = draw.from<number>([-1, 0, 0.5, 1, 2]);
      const other = builder.constant(
        draw.from<Shape>([[], [1], [1, 2, ...shape.map(() => 1)]]),
        () => uniform,
      );
      const operands = draw.from<readonly string[]>([
        [value, other],
        [other, value],
      ]);
      if (elementCount(shape) <= 64) {
        // Powers only of a value: a computed exponent turns the rounding that fusion changes into any error.
        const name = operands[0] === value ? draw.from([...functions, 'pow', 'div']) : draw.from(functions);
        builder.add({ kind: 'binary', function: name, ...optionalActivation }, operands);
      }
      break;
    }
    case 'concat':
      if (shape.length > 0 && elementCount(shape) <= 64) {
        const operands = draw.from<readonly string[]>([[value, value], [value]]);
        builder.add({ kind: 'concat', axis: draw.integer(0, shape.length - 1) }, operands);
      }
      break;
    case 'cut concat':
      if (shape.length > 0 && elementCount(shape) <= 64) {
        const parts = [value, builder.add({ kind: 'unary', activation: randomActivation(draw) }, [value])];
        const joined = builder.add({ kind: 'concat', axis: draw.integer(0, shape.length - 1) }, parts);
        builder.add(randomSlice(builder.shapeOf(joined), draw), [joined]);
      }
      break;
    case 'linear':
      if (shape.length > 0) {
        const operand = builder.constant([draw.integer(1, 4), shape.at(-1) ?? 1], weights);
        builder.add({ kind: 'linear', ...optionalActivation }, [value, operand]);
      }
      break;
    case 'folded':
      builder.add(randomOperator([2, 3], draw), [builder.constant([2, 3], weights)]);
      break;
  }
}

const stateShape: Shape = [2, 4];

/**
 * A small graph of elementwise functions, data movement and matrix products, with constants and a state that is read
 * and put together in halves, as a recurrent layer's is; other nodes may read the whole state, too.
 */
export function randomGraph(generate: GeneratorValue): Graph {
  const draw = new Draw(generate);
  const initial = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
  const state = { name: 'state', shape: stateShape, input: 's', initial };
  const inputs = [{ name: 'x', shape: [draw.integer(1, 3), draw.integer(1, 4)] }];
  const builder = new GraphBuilder(graphOf({ inputs, states: [{ ...state, output: 's' }] }));
  builder.values.push('x');
  if (draw.integer(0, 3) === 0) builder.values.push('s');
  const rows = [0, 1].map((row) =>
    builder.add({ kind: 'slice', starts: [row, 0], sizes: [1, 4], steps: [1, 1] }, ['s']),
  );
  const count = draw.integer(1, 12);
  for (let step = 0; step < count; step++) addRandomNode(builder, draw);
  const [first = '', second = ''] = rows;
  const halves = [
    builder.add({ kind: 'unary', activation: { function: 'tanh' } }, [second]),
    builder.add({ kind: 'binary', function: 'add' }, [first, second]),
  ];
  const newest = builder.values.length - 3;
  const output = builder.add({ kind: 'concat', axis: 0 }, halves);
  const shown = [newest, draw.integer(0, newest), draw.integer(0, newest)];
  const outputs = shown.map((index, position) => ({
    name: `y${position}`,
    value: builder.values[index] ?? '',
  }));
  return { ...builder.graph(), outputs, states: [{ ...state, output }] };
}
