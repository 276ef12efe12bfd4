import type { GruOperator } from '@grim/ir';
import { borrowing } from '../../jax/borrowing.ts';
import type { Jax, JaxArray } from '../../jax/load-jax.ts';
import { activate } from '../activation.ts';
import { present } from '../present.ts';
import { columnsOf } from './columns-of.ts';
import { gateSlope } from './gate-slope.ts';
import type { RecurrentCell } from './recurrent-cell.ts';

/** The step of a GRU (see `gru` in `@grim/ir`), whichever way its reset gate is applied. */
export function gruCell(jax: Jax, op: GruOperator): RecurrentCell {
  return op.linearBeforeReset ? resetAfterProduct(jax, op) : resetBeforeProduct(jax, op);
}

/** `k = G(x_h + r ⊙ (R_h·h + b))`: one product a step. */
function resetAfterProduct(jax: Jax, { hidden, activations: [f, g] }: GruOperator): RecurrentCell {
  const { numpy: np } = jax;
  const forward = borrowing(jax, (input: JaxArray, r: JaxArray, rBias: JaxArray, state: JaxArray) => {
    const recurrent = np.matmul(state.ref, np.transpose(r)).add(rBias);
    const gates = activate(
      jax,
      f,
      columnsOf(input.ref, 0, 2 * hidden).add(columnsOf(recurrent.ref, 0, 2 * hidden)),
    );
    const inner = columnsOf(recurrent, 2 * hidden, 3 * hidden);
    const reset = columnsOf(gates.ref, hidden, 2 * hidden);
    const candidate = activate(jax, g, columnsOf(input, 2 * hidden, 3 * hidden).add(reset.mul(inner.ref)));
    const next = candidate.ref.add(columnsOf(gates.ref, 0, hidden).mul(state.sub(candidate.ref)));
    return [next, gates, candidate, inner] as const;
  });
  const backward = borrowing(
    jax,
    (
      fromOutput: JaxArray,
      fromState: JaxArray,
      r: JaxArray,
      state: JaxArray,
      gates: JaxArray,
      candidate: JaxArray,
      inner: JaxArray,
    ) => {
      const cotangent = fromOutput.add(fromState);
      const update = columnsOf(gates.ref, 0, hidden);
      const reset = columnsOf(gates.ref, hidden, 2 * hidden);
      const byCandidate = cotangent.ref.mul(update.ref.neg().add(1)).mul(gateSlope(jax, g, candidate.ref));
      const byUpdate = cotangent.ref.mul(state.sub(candidate));
      const byReset = byCandidate.ref.mul(inner);
      const byGates = np.concatenate([byUpdate, byReset], 1).mul(gateSlope(jax, f, gates));
      const byInput = np.concatenate([byGates.ref, byCandidate.ref], 1);
      const byRecurrent = np.concatenate([byGates, byCandidate.mul(reset)], 1);
      const byState = np.matmul(byRecurrent.ref, r).add(cotangent.mul(update));
      return [byState, byInput, byRecurrent] as const;
    },
  );
  const weightGradients = borrowing(
    jax,
    (previous: JaxArray, byRecurrent: JaxArray) =>
      [np.matmul(np.transpose(byRecurrent.ref), previous), np.sum(byRecurrent, 0)] as const,
  );
  return {
    gates: 3,
    stateCount: 1,
    forward: (input, r, rBias, state) => forward(input, r, rBias, present(state)),
    backward: (fromOutput, [fromState], r, [state], [gates, candidate, inner]) =>
      backward(
        fromOutput,
        present(fromState),
        r,
        present(state),
        present(gates),
        present(candidate),
        present(inner),
      ),
    keptRows: [],
    weightGradients: (previous, [, byRecurrent]) => weightGradients(previous, present(byRecurrent)),
  };
}

/** `k = G(x_h + R_h·(r ⊙ h) + b)`: the candidate waits for the reset gate. */
function resetBeforeProduct(jax: Jax, { hidden, activations: [f, g] }: GruOperator): RecurrentCell {
  const { numpy: np } = jax;
  const rowsOf = (r: JaxArray, from: number, to: number): JaxArray => r.slice([from, to]);
  const forward = borrowing(jax, (input: JaxArray, r: JaxArray, rBias: JaxArray, state: JaxArray) => {
    const sums = input.add(rBias);
    const products = np.matmul(state.ref, np.transpose(rowsOf(r.ref, 0, 2 * hidden)));
    const gates = activate(jax, f, columnsOf(sums.ref, 0, 2 * hidden).add(products));
    const kept = columnsOf(gates.ref, hidden, 2 * hidden).mul(state.ref);
    const inner = np.matmul(kept.ref, np.transpose(rowsOf(r, 2 * hidden, 3 * hidden)));
    const candidate = activate(jax, g, columnsOf(sums, 2 * hidden, 3 * hidden).add(inner));
    const next = candidate.ref.add(columnsOf(gates.ref, 0, hidden).mul(state.sub(candidate.ref)));
    return [next, gates, candidate, kept] as const;
  });
  const backward = borrowing(
    jax,
    (
      fromOutput: JaxArray,
      fromState: JaxArray,
      r: JaxArray,
      state: JaxArray,
      gates: JaxArray,
      candidate: JaxArray,
    ) => {
      const cotangent = fromOutput.add(fromState);
      const update = columnsOf(gates.ref, 0, hidden);
      const reset = columnsOf(gates.ref, hidden, 2 * hidden);
      const byCandidate = cotangent.ref.mul(update.ref.neg().add(1)).mul(gateSlope(jax, g, candidate.ref));
      const byUpdate = cotangent.ref.mul(state.ref.sub(candidate));
      const byKept = np.matmul(byCandidate.ref, rowsOf(r.ref, 2 * hidden, 3 * hidden));
      const byGates = np.concatenate([byUpdate, byKept.ref.mul(state)], 1).mul(gateSlope(jax, f, gates));
      const byState = np
        .matmul(byGates.ref, rowsOf(r, 0, 2 * hidden))
        .add(cotangent.mul(update))
        .add(byKept.mul(reset));
      return [byState, np.concatenate([byGates, byCandidate], 1)] as const;
    },
  );
  const weightGradients = borrowing(
    jax,
    (previous: JaxArray, byInput: JaxArray, kept: JaxArray) =>
      [
        np.concatenate(
          [
            np.matmul(np.transpose(columnsOf(byInput.ref, 0, 2 * hidden)), previous),
            np.matmul(np.transpose(columnsOf(byInput.ref, 2 * hidden, 3 * hidden)), kept),
          ],
          0,
        ),
        np.sum(byInput, 0),
      ] as const,
  );
  return {
    gates: 3,
    stateCount: 1,
    forward: (input, r, rBias, state) => forward(input, r, rBias, present(state)),
    backward: (fromOutput, [fromState], r, [state], [gates, candidate]) =>
      backward(fromOutput, present(fromState), r, present(state), present(gates), present(candidate)),
    keptRows: [2],
    weightGradients: (previous, [byInput], [kept]) =>
      weightGradients(previous, present(byInput), present(kept)),
  };
}
