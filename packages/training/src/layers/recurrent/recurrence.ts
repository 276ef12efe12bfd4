import { compileKernels } from '../../products/compile-kernels.ts';
import { dotsKernel } from '../../products/dots-kernel.ts';
import { oneSpan } from '../../products/spans.ts';
import { setRowStarts } from '../../products/set-row-starts.ts';
import { sumsKernel } from '../../products/sums-kernel.ts';
import { BYTES, LANES } from '../../products/tiles.ts';
import { layOut, memory, type Region } from '../../products/workspace.ts';
import { present } from '../present.ts';
import { fromColumns, toColumns, type ColumnLayout } from './columns.ts';
import type { RecurrentCell } from './recurrent-cell.ts';
import { backwardBuffers, buffersOfOneStep, forwardBuffers, stepKernels } from './step-kernels.ts';

/** T steps of N examples with I features, to H units. */
export interface RecurrenceShape {
  readonly steps: number;
  readonly batch: number;
  readonly features: number;
  readonly hidden: number;
  readonly direction: 'forward' | 'reverse';
}

/** What a recurrent layer computes with; all row-major. */
export interface RecurrentParameters {
  /** [G·H,I]. */
  readonly w: Float32Array;
  /** [G·H,H]. */
  readonly r: Float32Array;
  /** [G·H] each. */
  readonly wBias?: Float32Array;
  readonly rBias?: Float32Array;
}

/** What a pass keeps for its derivatives: matrices laid out as `StepLayout` says. */
export interface RecurrentValues {
  readonly gates: Float32Array;
  readonly extra: Float32Array;
  /** One below the other, the output first. */
  readonly states: Float32Array;
}

/** A forward pass. */
export interface RecurrentPass {
  /** Output of each step, [T,N,H]. */
  readonly y: Float32Array;
  /** States after the last step, each [N,H]. */
  readonly last: readonly Float32Array[];
  readonly kept: RecurrentValues;
}

/** Derivatives of a pass, in the shapes of what they are by. */
export interface RecurrentGradients {
  readonly x: Float32Array;
  readonly w: Float32Array;
  readonly r: Float32Array;
  readonly wBias: Float32Array;
  readonly rBias: Float32Array;
  /** By the states before the first step. */
  readonly states: readonly Float32Array[];
}

/** A recurrent layer and its derivatives. */
export interface Recurrence {
  /**
   * @param x - [T,N,I].
   * @param states - Before the first step, each [N,H]; zeros where there is none.
   */
  readonly forward: (
    x: Float32Array,
    parameters: RecurrentParameters,
    states: readonly (Float32Array | undefined)[],
  ) => RecurrentPass;
  /**
   * @param byY - Derivative by the outputs, and by the states after the last step; zeros where there is none.
   */
  readonly backward: (
    x: Float32Array,
    parameters: RecurrentParameters,
    kept: RecurrentValues,
    byY: Float32Array | undefined,
    byLast: readonly (Float32Array | undefined)[],
  ) => RecurrentGradients;
}

/**
 * A recurrent layer: the products of all inputs with their weights at once, then step by step what depends on the step before. Backwards,
 * the steps give the derivatives by the gates, and those by weights are products over all steps.
 *
 * Everything is laid out as columns, one for each example of each step (see `StepLayout`), so that a product is a weighted sum of rows.
 * Columns that fill the last vector of a step are computed along: nothing reads them, and their derivatives are zero.
 */
export async function makeRecurrence(shape: RecurrenceShape, cell: RecurrentCell): Promise<Recurrence> {
  const { steps, batch, features, hidden, direction } = shape;
  const rows = cell.gates * hidden;
  const width = Math.ceil(batch / LANES) * LANES;
  const rowStep = steps * width;
  const stateStep = rowStep + width;
  const columnsOf = (count: number, choices: Partial<ColumnLayout> = {}): ColumnLayout => ({
    steps,
    batch,
    features: count,
    width,
    rowStep,
    first: 0,
    isReversed: direction === 'reverse',
    ...choices,
  });
  const ofX = columnsOf(features);
  const ofOutputs = columnsOf(hidden);
  const ofY = columnsOf(hidden, { rowStep: stateStep, first: width });
  const ofFirst = columnsOf(hidden, { steps: 1, rowStep: stateStep });
  const ofLast = { ...ofFirst, first: rowStep };
  const ofStep = columnsOf(hidden, { steps: 1, rowStep: width });

  const products = cell.products.map(({ firstGate, gates, operand }) => ({
    firstRow: firstGate * hidden,
    rows: gates * hidden,
    operand,
  }));
  const parts = stepKernels(cell, { hidden, width, rowStep, stateStep });
  const compiled = (
    await compileKernels(
      [
        sumsKernel({ rows, terms: features, spans: oneSpan(rowStep), rowStep }),
        sumsKernel({ rows: features, terms: rows, spans: oneSpan(rowStep), rowStep }),
        dotsKernel({ rows, slices: features, spans: oneSpan(rowStep), rowStep }),
        ...products.flatMap((product) => [
          sumsKernel({ rows: product.rows, terms: hidden, spans: oneSpan(width), rowStep: width }),
          sumsKernel({ rows: hidden, terms: product.rows, spans: oneSpan(width), rowStep: width }),
          dotsKernel({ rows: product.rows, slices: hidden, spans: oneSpan(rowStep), rowStep }),
        ]),
        ...parts.forward,
        ...parts.backward,
      ],
      memory,
    )
  ).values();
  const next = () => present(compiled.next().value);
  const [project, projectBack, byW] = [next(), next(), next()];
  const kernels = products.map(() => ({ multiply: next(), multiplyBack: next(), byR: next() }));
  const [forwardParts, backwardParts] = [parts.forward.map(next), parts.backward.map(next)];

  const sumsOfRows = (matrix: Float32Array): Float32Array =>
    Float32Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let column = row * rowStep; column < (row + 1) * rowStep; column++) sum += matrix[column] ?? 0;
      return sum;
    });
  /** Addresses of the buffers of a part; those of matrices of all steps are at the columns of a step. */
  const addressesOf = <Names extends string>(
    names: readonly Names[],
    regions: Readonly<Record<Names, Region>>,
    step: number,
  ): number[] =>
    names.map((name) => regions[name].address + (buffersOfOneStep.has(name) ? 0 : step * width * BYTES));

  return {
    forward: (x, { w, r, wBias, rBias }, states) => {
      const regions = layOut({
        x: features * rowStep,
        w: w.length,
        r: r.length,
        gates: rows * rowStep,
        extra: hidden * rowStep,
        states: cell.stateCount * hidden * stateStep,
        product: rows * width,
        lastBias: hidden,
        xRows: features,
        stateRows: hidden,
        extraRows: hidden,
      });
      const { gates, extra, product } = regions;
      toColumns(x, regions.x.floats, ofX);
      regions.w.floats.set(w);
      regions.r.floats.set(r);
      setRowStarts(regions.xRows, features, rowStep);
      setRowStarts(regions.stateRows, hidden, stateStep);
      setRowStarts(regions.extraRows, hidden, rowStep);
      const statesOf = matricesOf(regions.states.floats, hidden * stateStep);
      statesOf.forEach((state, index) => {
        const given = states[index];
        if (given) toColumns(given, state, ofFirst);
      });
      project(regions.w.address, regions.x.address, regions.xRows.address, gates.address);
      const lastRow = rows - hidden;
      if (cell.resetsProduct && rBias) regions.lastBias.floats.set(rBias.subarray(lastRow));
      for (let row = 0; row < rows; row++) {
        const isApart = cell.resetsProduct && row >= lastRow;
        const bias = (wBias?.[row] ?? 0) + (isApart ? 0 : (rBias?.[row] ?? 0));
        const ofRow = gates.floats.subarray(row * rowStep, (row + 1) * rowStep);
        for (let column = 0; column < rowStep; column++) ofRow[column] = (ofRow[column] ?? 0) + bias;
      }
      for (let step = 0; step < steps; step++) {
        const addresses = addressesOf(forwardBuffers, regions, step);
        products.forEach(({ firstRow, operand }, index) => {
          const [values, starts] =
            operand === 'state' ? [regions.states, regions.stateRows] : [extra, regions.extraRows];
          present(kernels[index]).multiply(
            regions.r.address + firstRow * hidden * BYTES,
            values.address + step * width * BYTES,
            starts.address,
            product.address,
          );
          present(forwardParts[index])(...addresses);
        });
      }
      return {
        y: fromColumns(present(statesOf[0]), ofY),
        last: statesOf.map((state) => fromColumns(state, ofLast)),
        kept: {
          gates: gates.floats.slice(),
          extra: extra.floats.slice(),
          states: regions.states.floats.slice(),
        },
      };
    },

    backward: (x, { w, r }, kept, byY, byLast) => {
      const regions = layOut({
        x: features * rowStep,
        wBack: w.length,
        rBack: r.length,
        gates: kept.gates.length,
        extra: kept.extra.length,
        states: kept.states.length,
        byOutput: hidden * rowStep,
        byStates: cell.stateCount * hidden * width,
        byInput: rows * rowStep,
        ownByProduct: cell.resetsProduct ? rows * rowStep : 0,
        byOperand: hidden * width,
        byX: features * rowStep,
        byW: w.length,
        byR: r.length,
        gateRows: rows,
        xRows: features,
        stateRows: hidden,
        extraRows: hidden,
      });
      const { byInput, byOperand } = regions;
      const byProduct = cell.resetsProduct ? regions.ownByProduct : byInput;
      toColumns(x, regions.x.floats, ofX);
      for (const name of ['gates', 'extra', 'states'] as const) regions[name].floats.set(kept[name]);
      transpose(w, [0, rows, features], regions.wBack.floats);
      for (const { firstRow, rows: count } of products) {
        transpose(r, [firstRow, count, hidden], regions.rBack.floats.subarray(firstRow * hidden));
      }
      setRowStarts(regions.gateRows, rows, rowStep);
      setRowStarts(regions.xRows, features, rowStep);
      setRowStarts(regions.stateRows, hidden, stateStep);
      setRowStarts(regions.extraRows, hidden, rowStep);
      if (byY) toColumns(byY, regions.byOutput.floats, ofOutputs);
      const byStates = matricesOf(regions.byStates.floats, hidden * width);
      byStates.forEach((columns, index) => {
        const given = byLast[index];
        if (given) toColumns(given, columns, ofStep);
      });
      for (let step = steps - 1; step >= 0; step--) {
        const addresses = addressesOf(backwardBuffers, { ...regions, byProduct }, step);
        const [first, ...others] = backwardParts;
        present(first)(...addresses);
        others.forEach((part, turn) => {
          const index = products.length - 1 - turn;
          const { firstRow } = present(products[index]);
          present(kernels[index]).multiplyBack(
            regions.rBack.address + firstRow * hidden * BYTES,
            byProduct.address + (firstRow * rowStep + step * width) * BYTES,
            regions.gateRows.address,
            byOperand.address,
          );
          part(...addresses);
        });
      }
      projectBack(regions.wBack.address, byInput.address, regions.gateRows.address, regions.byX.address);
      byW(byInput.address, regions.x.address, regions.xRows.address, regions.byW.address);
      products.forEach(({ firstRow, operand }, index) => {
        const [values, starts] =
          operand === 'state' ? [regions.states, regions.stateRows] : [regions.extra, regions.extraRows];
        present(kernels[index]).byR(
          byProduct.address + firstRow * rowStep * BYTES,
          values.address,
          starts.address,
          regions.byR.address + firstRow * hidden * BYTES,
        );
      });
      return {
        x: fromColumns(regions.byX.floats, ofX),
        w: regions.byW.floats,
        r: regions.byR.floats,
        wBias: sumsOfRows(byInput.floats),
        rBias: sumsOfRows(byProduct.floats),
        states: byStates.map((state) => fromColumns(state, ofStep)),
      };
    },
  };
}

/** Matrices of equal size that lie one below the other. */
function matricesOf(values: Float32Array, size: number): Float32Array[] {
  return Array.from({ length: values.length / size }, (_, index) =>
    values.subarray(index * size, (index + 1) * size),
  );
}

/** Rows of a matrix from the first on, that many of so many columns, transposed. */
function transpose(
  matrix: Float32Array,
  [first, count, columns]: readonly [number, number, number],
  target: Float32Array,
): void {
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < columns; column++) {
      target[column * count + row] = matrix[(first + row) * columns + column] ?? 0;
    }
  }
}
