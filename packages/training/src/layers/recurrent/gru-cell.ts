import { add, emitActivation, float, multiply, subtract, type Expression } from '@grim/kernels';
import type { GruOperator } from '@grim/ir';
import { gateSlope } from './gate-slope.ts';
import type { BackwardUnit, ForwardUnit, RecurrentCell } from './recurrent-cell.ts';

/** The step of a GRU (see `gru` in `@grim/ir`), whichever way its reset gate is applied. */
export function gruCell(op: GruOperator): RecurrentCell {
  return op.linearBeforeReset ? resetAfterProduct(op) : resetBeforeProduct(op);
}

const without = (value: Expression): Expression => subtract(float(1), value);

/** `h' = k + z ⊙ (h − k)`. */
function setNext({ builder, state, setState }: ForwardUnit, z: Expression, k: Expression): void {
  const h = builder.declare('h', state(0));
  setState(0, add(k, multiply(z, subtract(h, k))));
}

/** Adds what a product with the output of the step before gives to its derivative. */
function addByOperand({ byState, setByState, byOperand }: BackwardUnit): void {
  setByState(0, add(byState(0), byOperand()));
}

/** `k = G(x_h + r ⊙ (R_h·h + b))`: one product a step. */
function resetAfterProduct({ activations: [f, g] }: GruOperator): RecurrentCell {
  const [ofGates, ofCandidate] = [gateSlope(f), gateSlope(g)];
  return {
    gates: 3,
    stateCount: 1,
    products: [{ firstGate: 0, gates: 3, operand: 'state' }],
    resetsProduct: true,
    forward: [
      (unit) => {
        const { builder, gate, setGate, product, lastBias, setExtra } = unit;
        const z = builder.declare('z', emitActivation(builder, f, add(gate(0), product(0))));
        const r = builder.declare('r', emitActivation(builder, f, add(gate(1), product(1))));
        const inner = builder.declare('inner', add(product(2), lastBias()));
        const k = builder.declare('k', emitActivation(builder, g, add(gate(2), multiply(r, inner))));
        setGate(0, z);
        setGate(1, r);
        setGate(2, k);
        setExtra(inner);
        setNext(unit, z, k);
      },
    ],
    backward: [
      (unit) => {
        const { builder, gate, state, extra, byOutput, byState } = unit;
        const [z, r, k] = [0, 1, 2].map((index) => builder.declare('gate', gate(index))) as [
          Expression,
          Expression,
          Expression,
        ];
        const byNext = builder.declare('byNext', add(byOutput(), byState(0)));
        const byCandidate = builder.declare(
          'byCandidate',
          multiply(multiply(byNext, without(z)), ofCandidate(k)),
        );
        const byUpdate = multiply(multiply(byNext, subtract(state(0), k)), ofGates(z));
        const byReset = multiply(multiply(byCandidate, extra()), ofGates(r));
        [byUpdate, byReset].forEach((derivative, index) => {
          const named = builder.declare('byGate', derivative);
          unit.setByInput(index, named);
          unit.setByProduct(index, named);
        });
        unit.setByInput(2, byCandidate);
        unit.setByProduct(2, multiply(byCandidate, r));
        unit.setByState(0, multiply(byNext, z));
      },
      addByOperand,
    ],
  };
}

/** `k = G(x_h + R_h·(r ⊙ h) + b)`: the candidate waits for the reset gate. */
function resetBeforeProduct({ activations: [f, g] }: GruOperator): RecurrentCell {
  const [ofGates, ofCandidate] = [gateSlope(f), gateSlope(g)];
  return {
    gates: 3,
    stateCount: 1,
    products: [
      { firstGate: 0, gates: 2, operand: 'state' },
      { firstGate: 2, gates: 1, operand: 'extra' },
    ],
    resetsProduct: false,
    forward: [
      ({ builder, gate, setGate, product, state, setExtra }) => {
        setGate(0, emitActivation(builder, f, add(gate(0), product(0))));
        const r = builder.declare('r', emitActivation(builder, f, add(gate(1), product(1))));
        setGate(1, r);
        setExtra(multiply(r, state(0)));
      },
      (unit) => {
        const { builder, gate, setGate, product } = unit;
        const k = builder.declare('k', emitActivation(builder, g, add(gate(2), product(0))));
        setGate(2, k);
        setNext(unit, gate(0), k);
      },
    ],
    backward: [
      ({ builder, gate, state, byOutput, byState, setByInput, setByState }) => {
        const [z, k] = [builder.declare('z', gate(0)), builder.declare('k', gate(2))];
        const byNext = builder.declare('byNext', add(byOutput(), byState(0)));
        setByInput(0, multiply(multiply(byNext, subtract(state(0), k)), ofGates(z)));
        setByInput(2, multiply(multiply(byNext, without(z)), ofCandidate(k)));
        setByState(0, multiply(byNext, z));
      },
      ({ builder, gate, state, byState, setByInput, setByState, byOperand }) => {
        const [r, byReset] = [builder.declare('r', gate(1)), builder.declare('byReset', byOperand())];
        setByInput(1, multiply(multiply(byReset, state(0)), ofGates(r)));
        setByState(0, add(byState(0), multiply(byReset, r)));
      },
      addByOperand,
    ],
  };
}
