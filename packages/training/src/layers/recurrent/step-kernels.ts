import {
  add,
  integer,
  KernelBuilder,
  load,
  loadSplat,
  multiply,
  type Expression,
  type Kernel,
} from '@grim/kernels';
import { BYTES, LANES } from '../../products/tiles.ts';
import type { RecurrentCell } from './recurrent-cell.ts';

/**
 * How the numbers of a layer lie. Matrices have a row for each unit (of each gate) and a column for each example of each step; those of
 * states begin with the states before the first step, so a step finds the state before it where others have its own columns.
 */
export interface StepLayout {
  readonly hidden: number;
  /** Columns of a step: the batch, and what fills the last vector. */
  readonly width: number;
  /** Columns of a matrix of all steps, and of one of states. */
  readonly rowStep: number;
  readonly stateStep: number;
}

/** Buffers of the kernels of steps in the order in which these take them. */
export const forwardBuffers = ['gates', 'product', 'states', 'extra', 'lastBias'] as const;
export const backwardBuffers = [
  'gates',
  'states',
  'extra',
  'byOutput',
  'byStates',
  'byInput',
  'byProduct',
  'byOperand',
] as const;

/** Those that hold one step, or nothing of steps; all others are given at the columns of the step. */
export const buffersOfOneStep: ReadonlySet<string> = new Set([
  'product',
  'lastBias',
  'byStates',
  'byOperand',
]);

/** A vector of a matrix. */
interface Place {
  readonly load: () => Expression;
  readonly store: (value: Expression) => void;
}

/** The kernels of a cell: one for each part of its step, then one for each part of its derivative. */
export function stepKernels(
  cell: RecurrentCell,
  layout: StepLayout,
): { forward: Kernel[]; backward: Kernel[] } {
  const { hidden, width, rowStep, stateStep } = layout;

  /** A kernel over all units and vectors of a step; `place` is a vector of the matrix of a gate or state, a row for each unit. */
  const overUnits = (
    name: string,
    buffers: readonly string[],
    body: (
      builder: KernelBuilder,
      place: (buffer: string, columns: number, matrix?: number, later?: number) => Place,
      unit: Expression,
    ) => void,
  ): Kernel => {
    const builder = new KernelBuilder();
    for (const buffer of buffers) builder.buffer(buffer, 'readwrite');
    builder.loop('unit', { to: hidden }, (unit) => {
      builder.loop('column', { to: width * BYTES, step: LANES * BYTES }, (column) => {
        body(
          builder,
          (buffer, columns, matrix = 0, later = 0) => {
            const row = multiply(unit, integer(columns * BYTES));
            const offset = (matrix * hidden * columns + later) * BYTES;
            return {
              load: () => builder.declare('value', load('f32x4', buffer, add(row, column), offset)),
              store: (value) => {
                builder.store(buffer, add(row, column), offset, value);
              },
            };
          },
          unit,
        );
      });
    });
    return builder.build(name, `${name} of ${hidden} units`);
  };

  return {
    forward: cell.forward.map((part, index) =>
      overUnits(`forward${index}`, forwardBuffers, (builder, place, unit) => {
        part({
          builder,
          gate: (gate) => place('gates', rowStep, gate).load(),
          setGate: (gate, value) => {
            place('gates', rowStep, gate).store(value);
          },
          product: (gate) => place('product', width, gate).load(),
          lastBias: () => loadSplat('lastBias', multiply(unit, integer(BYTES))),
          state: (state) => place('states', stateStep, state).load(),
          setState: (state, value) => {
            place('states', stateStep, state, width).store(value);
          },
          extra: () => place('extra', rowStep).load(),
          setExtra: (value) => {
            place('extra', rowStep).store(value);
          },
        });
      }),
    ),
    backward: cell.backward.map((part, index) =>
      overUnits(`backward${index}`, backwardBuffers, (builder, place) => {
        part({
          builder,
          gate: (gate) => place('gates', rowStep, gate).load(),
          state: (state) => place('states', stateStep, state).load(),
          extra: () => place('extra', rowStep).load(),
          byOutput: () => place('byOutput', rowStep).load(),
          byState: (state) => place('byStates', width, state).load(),
          setByState: (state, value) => {
            place('byStates', width, state).store(value);
          },
          setByInput: (gate, value) => {
            place('byInput', rowStep, gate).store(value);
          },
          setByProduct: (gate, value) => {
            place('byProduct', rowStep, gate).store(value);
          },
          byOperand: () => place('byOperand', width).load(),
        });
      }),
    ),
  };
}
