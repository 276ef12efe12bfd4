import {
  add,
  divide,
  float,
  integer,
  multiply,
  multiplyAdd,
  subtract,
  unary,
} from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';
import type { KernelFamily } from './family.ts';
import { hasHalves, loadVector, splatElement, wideFloatsOf } from './floats.ts';
import { kernelName } from './kernel-name.ts';
import { foldRow, loadOfRow, walkRow } from './row-walk.ts';
import { storeLanes } from './store-lanes.ts';

/** `y[row][i] = (x[row][i] − mean) / √(variance + ε) · scale[i] + bias[i]` over rows of contiguous elements. */
export interface LayerNormProblem {
  /** Floats in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
  readonly rows: number;
  /** Elements of a row, normalised together. */
  readonly extent: number;
  /** Bytes between two rows of the input. */
  readonly inputStep: number;
  /** Bytes between two rows of the output. */
  readonly outputStep: number;
  readonly epsilon: number;
  readonly bias: boolean;
}

/** Normalisation has no choices. */
export type LayerNormSchedule = Readonly<Record<string, never>>;

function lower(problem: LayerNormProblem): ReturnType<KernelBuilder['build']> {
  const { rows, extent, epsilon } = problem;
  const floats = wideFloatsOf(problem.element);
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('scale', 'read');
  if (problem.bias) builder.buffer('bias', 'read');
  builder.buffer('output', 'write');
  const parameter = (buffer: string, byte: Expression, lanes: 1 | 4): Expression =>
    lanes === 4 ? loadVector(floats, buffer, byte) : splatElement(floats, buffer, byte);
  builder.loop('row', { to: rows }, (index) => {
    const start = builder.declare('source', multiply(index, integer(problem.inputStep)));
    const target = builder.declare('target', multiply(index, integer(problem.outputStep)));
    const row = { buffer: 'input', floats, start, extent };
    const mean = builder.declare('mean', divide(foldRow(builder, row, float(0), add), float(extent)));
    // The variance from differences: that of squares minus the square of the mean cancels.
    const squares = foldRow(builder, row, float(0), add, (x) => {
      const difference = builder.declare('difference', subtract(x, mean));
      return multiply(difference, difference);
    });
    const variance = divide(squares, float(extent));
    const factor = builder.declare('factor', divide(float(1), unary('sqrt', add(variance, float(epsilon)))));
    walkRow(builder, extent, floats, (byte, lanes) => {
      const normal = multiply(subtract(loadOfRow(row, byte, lanes), mean), factor);
      const scale = parameter('scale', byte, lanes);
      const value = problem.bias
        ? multiplyAdd(normal, scale, parameter('bias', byte, lanes))
        : multiply(normal, scale);
      storeLanes(builder, 'output', add(target, byte), 0, value, lanes, floats);
    });
  });
  const name = kernelName('layerNorm', {
    f16: hasHalves(problem),
    r: rows,
    e: extent,
    in: problem.inputStep,
    out: problem.outputStep,
    eps: epsilon,
    bias: problem.bias,
  });
  return builder.build(name, `${String(rows)} rows of ${String(extent)} elements, each normalised`);
}

/** Layer normalisation. */
export const layerNorm: KernelFamily<LayerNormProblem, LayerNormSchedule> = {
  name: 'layerNorm',
  defaultSchedule: () => ({}),
  refuse: () => undefined,
  sharedLoops: (problem) => ({
    loops: [
      {
        name: 'row',
        turns: problem.rows,
        multiple: 1,
        steps: { input: problem.inputStep, output: problem.outputStep },
      },
    ],
    part: ([rows = problem.rows]) => ({ ...problem, rows }),
  }),
  lower,
};
