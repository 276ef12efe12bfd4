import type { LstmOperator } from '@grim/ir';
import { add, emitActivation, multiply } from '@grim/kernels';
import { gateSlope } from './gate-slope.ts';
import type { RecurrentCell } from './recurrent-cell.ts';

/** The step of an LSTM (see `lstm` in `@grim/ir`); its gates are input, output, forget and cell. */
export function lstmCell({ activations: [f, g, h] }: LstmOperator): RecurrentCell {
  const [ofGates, ofCandidate, ofShown] = [gateSlope(f), gateSlope(g), gateSlope(h)];
  return {
    gates: 4,
    stateCount: 2,
    products: [{ firstGate: 0, gates: 4, operand: 'state' }],
    resetsProduct: false,
    forward: [
      ({ builder, gate, setGate, product, state, setState, setExtra }) => {
        const valueOf = (index: number, activation = f) => {
          const value = builder.declare(
            'gate',
            emitActivation(builder, activation, add(gate(index), product(index))),
          );
          setGate(index, value);
          return value;
        };
        const [input, output, forget] = [valueOf(0), valueOf(1), valueOf(2)];
        const next = builder.declare('next', add(multiply(forget, state(1)), multiply(input, valueOf(3, g))));
        setState(1, next);
        const shown = builder.declare('shown', emitActivation(builder, h, next));
        setExtra(shown);
        setState(0, multiply(output, shown));
      },
    ],
    backward: [
      ({ builder, gate, state, extra, byOutput, byState, setByInput, setByState }) => {
        const [input, output] = [builder.declare('input', gate(0)), builder.declare('output', gate(1))];
        const [forget, candidate] = [
          builder.declare('forget', gate(2)),
          builder.declare('candidate', gate(3)),
        ];
        const shown = builder.declare('shown', extra());
        const byH = builder.declare('byH', add(byOutput(), byState(0)));
        const throughShown = multiply(multiply(byH, output), ofShown(shown));
        const byCell = builder.declare('byCell', add(byState(1), throughShown));
        setByInput(0, multiply(multiply(byCell, candidate), ofGates(input)));
        setByInput(1, multiply(multiply(byH, shown), ofGates(output)));
        setByInput(2, multiply(multiply(byCell, state(1)), ofGates(forget)));
        setByInput(3, multiply(multiply(byCell, input), ofCandidate(candidate)));
        setByState(1, multiply(byCell, forget));
      },
      ({ setByState, byOperand }) => {
        setByState(0, byOperand());
      },
    ],
  };
}
