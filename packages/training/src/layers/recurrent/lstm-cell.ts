import type { LstmOperator } from '@grim/ir';
import { borrowing } from '../../jax/borrowing.ts';
import type { Jax, JaxArray } from '../../jax/load-jax.ts';
import { activate } from '../activation.ts';
import { present } from '../present.ts';
import { columnsOf } from './columns-of.ts';
import { gateSlope } from './gate-slope.ts';
import type { RecurrentCell } from './recurrent-cell.ts';

/** The step of an LSTM (see `lstm` in `@grim/ir`); its gates are input, output, forget and cell. */
export function lstmCell(jax: Jax, { hidden, activations: [f, g, h] }: LstmOperator): RecurrentCell {
  const { numpy: np } = jax;
  const gate = (gates: JaxArray, index: number): JaxArray =>
    columnsOf(gates, index * hidden, (index + 1) * hidden);
  const forward = borrowing(
    jax,
    (input: JaxArray, r: JaxArray, rBias: JaxArray, state: JaxArray, cell: JaxArray) => {
      const sums = np.matmul(state, np.transpose(r)).add(rBias).add(input);
      const gates = activate(jax, f, columnsOf(sums.ref, 0, 3 * hidden));
      const candidate = activate(jax, g, gate(sums, 3));
      const next = gate(gates.ref, 2).mul(cell).add(gate(gates.ref, 0).mul(candidate.ref));
      const shown = activate(jax, h, next.ref);
      return [gate(gates.ref, 1).mul(shown.ref), next, gates, candidate, shown] as const;
    },
  );
  const backward = borrowing(
    jax,
    (
      fromOutput: JaxArray,
      fromState: JaxArray,
      fromCell: JaxArray,
      r: JaxArray,
      cell: JaxArray,
      gates: JaxArray,
      candidate: JaxArray,
      shown: JaxArray,
    ) => {
      const byOutput = fromOutput.add(fromState);
      const byCell = fromCell.add(byOutput.ref.mul(gate(gates.ref, 1)).mul(gateSlope(jax, h, shown.ref)));
      const byGates = np
        .concatenate([byCell.ref.mul(candidate.ref), byOutput.mul(shown), byCell.ref.mul(cell)], 1)
        .mul(gateSlope(jax, f, gates.ref));
      const byCandidate = byCell.ref.mul(gate(gates.ref, 0)).mul(gateSlope(jax, g, candidate));
      const byInput = np.concatenate([byGates, byCandidate], 1);
      return [np.matmul(byInput.ref, r), byCell.mul(gate(gates, 2)), byInput] as const;
    },
  );
  const weightGradients = borrowing(
    jax,
    (previous: JaxArray, byInput: JaxArray) =>
      [np.matmul(np.transpose(byInput.ref), previous), np.sum(byInput, 0)] as const,
  );
  return {
    gates: 4,
    stateCount: 2,
    forward: (input, r, rBias, state, cell) => forward(input, r, rBias, present(state), present(cell)),
    backward: (fromOutput, [fromState, fromCell], r, [, cell], [gates, candidate, shown]) =>
      backward(
        fromOutput,
        present(fromState),
        present(fromCell),
        r,
        present(cell),
        present(gates),
        present(candidate),
        present(shown),
      ),
    keptRows: [],
    weightGradients: (previous, [byInput]) => weightGradients(previous, present(byInput)),
  };
}
