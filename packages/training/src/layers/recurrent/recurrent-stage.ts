import { borrowing } from '../../jax/borrowing.ts';
import type { JaxArray } from '../../jax/load-jax.ts';
import { download, downloadStacked, upload } from '../../jax/transfer.ts';
import { present } from '../present.ts';
import type { Operands, Stage, StageSite } from '../stage.ts';
import type { RecurrentCell } from './recurrent-cell.ts';

/** Where a recurrent layer has its operands. */
export interface RecurrentOperands {
  readonly wBias: number;
  /** Position of the recurrent bias; absent where the layer has none of its own. */
  readonly rBias?: number;
  /** Positions of the states before the first step, the output first. */
  readonly states: readonly number[];
}

/**
 * A recurrent layer: the products of all inputs with their weights at once, then step by step what depends on the step before;
 * backwards, the steps give the derivatives by the gates, and the weights' gradients are one product over all steps.
 *
 * Between steps the values pass through Float32Arrays: jax-js would compile one kernel for each offset of a slice.
 *
 * @param site - Where the layer is; operands `x [T,N,I]`, `w [G·H,I]`, `r [G·H,H]`, then those of `operands`.
 * @param direction - Whether the last time step comes first.
 * @param cell - One step.
 * @param operands - Positions of biases and states.
 */
export function recurrentStage(
  site: StageSite,
  direction: 'forward' | 'reverse',
  cell: RecurrentCell,
  operands: RecurrentOperands,
): Stage {
  const { jax, wanted } = site;
  const { numpy: np } = jax;
  const [steps = 0, batch = 0, features = 0] = present(site.inputShapes[0]);
  const [rows = 0, hidden = 0] = present(site.inputShapes[2]);
  const stateSize = batch * hidden;
  const stateShape = [batch, hidden];
  const project = borrowing(jax, (x: JaxArray, w: JaxArray, ...bias: JaxArray[]) => {
    const product = np.matmul(x.reshape([steps * batch, features]), np.transpose(w));
    return [bias.reduce((sum, shift) => sum.add(shift), product)] as const;
  });
  const projectBack = borrowing(jax, (byInput: JaxArray, x: JaxArray, w: JaxArray) => [
    ...(wanted[0] ? [np.matmul(byInput.ref, w).reshape([steps, batch, features])] : []),
    ...(wanted[1] ? [np.matmul(np.transpose(byInput.ref), x.reshape([steps * batch, features]))] : []),
    ...(wanted[operands.wBias] ? [np.sum(byInput, 0)] : []),
  ]);
  const order = Array.from({ length: steps }, (_, step) =>
    direction === 'forward' ? step : steps - 1 - step,
  );

  return async (inputs) => {
    const x = present(inputs[0]);
    const w = present(inputs[1]);
    const r = present(inputs[2]);
    const wBias = inputs[operands.wBias] ?? null;
    const givenBias = operands.rBias === undefined ? null : (inputs[operands.rBias] ?? null);
    const rBias = givenBias ? givenBias.ref : np.zeros([rows]);
    const projected = await download(project(x, w, ...(wBias ? [wBias] : []))[0]);
    const initial = operands.states.map((position) => inputs[position]?.ref ?? np.zeros(stateShape));
    const before: (readonly JaxArray[])[] = [];
    const kept: (readonly JaxArray[])[] = [];
    const y = new Float32Array(steps * stateSize);
    let states: readonly JaxArray[] = initial;
    for (const t of order) {
      const input = upload(jax, projected.subarray(t * batch * rows, (t + 1) * batch * rows), [batch, rows]);
      const results = cell.forward(input, r, rBias, ...states);
      input.dispose();
      before.push(states);
      states = results.slice(0, cell.stateCount);
      kept.push(results.slice(cell.stateCount));
      y.set(await download(present(states[0]).ref), t * stateSize);
    }
    rBias.dispose();

    const firstState = present(initial[0]);
    const outputsBefore = (first: Float32Array): Float32Array => {
      const shifted = new Float32Array(y.length);
      const forwards = direction === 'forward';
      shifted.set(first, forwards ? 0 : (steps - 1) * stateSize);
      shifted.set(
        forwards ? y.subarray(0, (steps - 1) * stateSize) : y.subarray(stateSize),
        forwards ? stateSize : 0,
      );
      return shifted;
    };
    const pullBack = async (cotangents: Operands): Promise<Operands> => {
      const byY = cotangents[0] ? await download(cotangents[0].ref) : new Float32Array(steps * stateSize);
      let byStates = operands.states.map((_, index) => cotangents[index + 1]?.ref ?? np.zeros(stateShape));
      const rowsByStep: (readonly JaxArray[])[] = Array.from({ length: steps }, () => []);
      for (let step = steps - 1; step >= 0; step--) {
        const t = present(order[step]);
        const fromY = upload(jax, byY.subarray(t * stateSize, (t + 1) * stateSize), stateShape);
        const results = cell.backward(fromY, byStates, r, present(before[step]), present(kept[step]));
        for (const array of [fromY, ...byStates]) array.dispose();
        byStates = results.slice(0, cell.stateCount);
        rowsByStep[t] = results.slice(cell.stateCount);
      }
      const ofAllSteps = async (arrays: readonly JaxArray[]): Promise<JaxArray> => {
        const extent = present(present(arrays[0]).shape[1]);
        return upload(jax, await downloadStacked(arrays, [batch, extent]), [steps * batch, extent]);
      };
      const stacked: JaxArray[] = [];
      for (let index = 0; index < present(rowsByStep[0]).length; index++) {
        stacked.push(await ofAllSteps(rowsByStep.map((step) => present(step[index]))));
      }
      const byInput = present(stacked[0]);
      const derivatives = new Array<JaxArray | null>(inputs.length).fill(null);
      const fromProduct = projectBack(byInput, x, w).values();
      for (const position of [0, 1, operands.wBias]) {
        if (wanted[position]) derivatives[position] = present(fromProduct.next().value);
      }
      if (wanted[2] || (operands.rBias !== undefined && wanted[operands.rBias])) {
        const byTime = order.map((_, t) => order.indexOf(t));
        const previous = upload(jax, outputsBefore(await download(firstState.ref)), [steps * batch, hidden]);
        const keptRows: JaxArray[] = [];
        for (const index of cell.keptRows) {
          keptRows.push(await ofAllSteps(byTime.map((step) => present(present(kept[step])[index]).ref)));
        }
        const [byR, byBias] = cell.weightGradients(previous, stacked, keptRows);
        for (const array of [previous, ...keptRows]) array.dispose();
        if (wanted[2]) derivatives[2] = byR;
        else byR.dispose();
        if (operands.rBias !== undefined && wanted[operands.rBias]) derivatives[operands.rBias] = byBias;
        else byBias.dispose();
      }
      for (const array of stacked) array.dispose();
      operands.states.forEach((position, index) => {
        const derivative = present(byStates[index]);
        if (wanted[position]) derivatives[position] = derivative;
        else derivative.dispose();
      });
      return derivatives;
    };

    return {
      outputs: [upload(jax, y, [steps, batch, hidden]), ...states],
      pullBack,
      release: () => {
        for (const array of [...before.flat(), ...kept.flat()]) array.dispose();
      },
    };
  };
}
