import {
  add,
  float,
  integer,
  KernelBuilder,
  load,
  multiply,
  multiplyAdd,
  subtract,
  type Expression,
  type Kernel,
} from '@grim/kernels';
import { BYTES } from './tiles.ts';

/** Where the elements of a square lie; distances in elements. */
export interface SquareLayout {
  /** The first element, from the start of its square; 0 by default. */
  readonly start?: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** Squares one after the other. */
export interface SquareRun {
  readonly count: number;
  /** Elements from one square to the next. */
  readonly fromStep: number;
  readonly toStep: number;
}

/** Squares `X` become `Y = L·X·Lᵀ`. */
export interface TransformProblem {
  readonly name: string;
  /** `L`, row by row. */
  readonly matrix: readonly (readonly number[])[];
  readonly from: SquareLayout;
  readonly to: SquareLayout;
  /** The squares, as nested runs, the outermost first. */
  readonly runs: readonly SquareRun[];
  /** Squares that are computed at once, which lie one element apart: the innermost run counts these. */
  readonly lanes: 1 | 4;
}

/** The kernel of a problem; its buffers are `source` and `target`. */
export function transformKernel({ name, matrix, from, to, runs, lanes }: TransformProblem): Kernel {
  const builder = new KernelBuilder();
  builder.buffer('source', 'read');
  builder.buffer('target', 'write');
  const type = lanes === 4 ? 'f32x4' : 'f32';
  const inputs = Array.from(matrix[0] ?? [], (_, index) => index);
  const outputs = Array.from(matrix, (_, index) => index);
  const offsetOf = ({ start = 0, rowStep, columnStep }: SquareLayout, row: number, column: number): number =>
    (start + row * rowStep + column * columnStep) * BYTES;

  /** `Σ_k factors[k] · values[k]` */
  const weighted = (factors: readonly number[], values: readonly Expression[]): Expression => {
    const sum = values.reduce<Expression | undefined>((before, value, index) => {
      const factor = factors[index] ?? 0;
      if (factor === 0) return before;
      if (!before) return factor === 1 ? value : multiply(value, float(factor, type));
      if (factor === 1) return add(before, value);
      return factor === -1 ? subtract(before, value) : multiplyAdd(value, float(factor, type), before);
    }, undefined);
    return sum ?? float(0, type);
  };
  const emitSquare = (source: Expression, target: Expression): void => {
    const columns = inputs.map((column) => {
      const values = inputs.map((row) =>
        builder.declare('x', load(type, 'source', source, offsetOf(from, row, column))),
      );
      return matrix.map((factors) => builder.declare('half', weighted(factors, values)));
    });
    for (const row of outputs) {
      const values = columns.map((column) => column[row] ?? float(0, type));
      for (const [column, factors] of matrix.entries()) {
        builder.store('target', target, offsetOf(to, row, column), weighted(factors, values));
      }
    }
  };
  const emitRuns = ([run, ...inner]: readonly SquareRun[], source: Expression, target: Expression): void => {
    if (!run) {
      emitSquare(source, target);
      return;
    }
    builder.loop('square', { to: run.count }, (index) => {
      const along = (start: Expression, step: number): Expression =>
        add(start, multiply(index, integer(step * BYTES)));
      emitRuns(
        inner,
        builder.declare('sourceSquare', along(source, run.fromStep)),
        builder.declare('targetSquare', along(target, run.toStep)),
      );
    });
  };
  emitRuns(runs, integer(0), integer(0));
  const squares = runs.reduce<number>((product, { count }) => product * count, lanes);
  return builder.build(name, `${squares} squares of ${inputs.length} to ${outputs.length} elements a side`);
}
