import type { JaxArray } from '../../jax/load-jax.ts';
import { download, upload } from '../../jax/transfer.ts';
import { present } from '../present.ts';
import type { Stage, StageSite } from '../stage.ts';
import { makeRecurrence, type RecurrentParameters } from './recurrence.ts';
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
 * A recurrent layer; see {@link makeRecurrence} for how it is computed.
 *
 * @param site - Where the layer is; operands `x [T,N,I]`, `w [G·H,I]`, `r [G·H,H]`, then those of `operands`.
 * @param direction - Whether the last time step comes first.
 * @param cell - One step.
 * @param operands - Positions of biases and states.
 */
export function recurrentStage(
  { jax, inputShapes, outputShapes, wanted }: StageSite,
  direction: 'forward' | 'reverse',
  cell: RecurrentCell,
  operands: RecurrentOperands,
): Stage {
  const [steps = 0, batch = 0, features = 0] = present(inputShapes[0]);
  const [, hidden = 0] = present(inputShapes[2]);
  let making: ReturnType<typeof makeRecurrence> | undefined;

  return async (inputs) => {
    const recurrence = await (making ??= makeRecurrence({ steps, batch, features, hidden, direction }, cell));
    const valuesOf = (array: JaxArray | null | undefined): Promise<Float32Array | undefined> =>
      array ? download(array.ref) : Promise.resolve(undefined);
    const read = (position: number | undefined): Promise<Float32Array | undefined> =>
      valuesOf(position === undefined ? null : inputs[position]);
    const [x, w, r] = [present(await read(0)), present(await read(1)), present(await read(2))];
    const [wBias, rBias] = [await read(operands.wBias), await read(operands.rBias)];
    const parameters: RecurrentParameters = { w, r, ...(wBias && { wBias }), ...(rBias && { rBias }) };
    const initial = await Promise.all(operands.states.map(read));
    const { y, last, kept } = recurrence.forward(x, parameters, initial);
    return {
      // A node need not name the states after the last step.
      outputs: outputShapes.map((shape, index) => upload(jax, present([y, ...last][index]), shape)),
      pullBack: async ([byY, ...byLast]) => {
        const derivativesOfLast = await Promise.all(byLast.map(valuesOf));
        const gradients = recurrence.backward(x, parameters, kept, await valuesOf(byY), derivativesOfLast);
        const byPosition = new Map<number | undefined, Float32Array | undefined>([
          [0, gradients.x],
          [1, gradients.w],
          [2, gradients.r],
          [operands.wBias, gradients.wBias],
          [operands.rBias, gradients.rBias],
          ...operands.states.map((position, index) => [position, gradients.states[index]] as const),
        ]);
        return inputs.map((_, position) => {
          const gradient = byPosition.get(position);
          const shape = inputShapes[position];
          return wanted[position] && gradient && shape ? upload(jax, gradient, shape) : null;
        });
      },
      release: () => undefined,
    };
  };
}
