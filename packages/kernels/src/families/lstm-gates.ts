import type { Activation } from '@grim/ir';

import { integer, load, multiply, multiplyAdd } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { emitActivation } from '../math/activation.ts';
import type { KernelFamily } from './family.ts';
import { activationName, kernelName } from './kernel-name.ts';
import { settleState } from './settle-state.ts';
import { storeLanes } from './store-lanes.ts';

/**
 * The gates of one LSTM step for one sequence: from the sums of both products (gates in ONNX order i, o, f, c) to the new cell and output.
 *
 * `c' = f(sum_f)·c + f(sum_i)·g(sum_c)`, `y = f(sum_o)·h(c')`. States smaller than 2⁻⁹⁶ become 0, see {@link settleState}.
 */
export interface LstmGatesProblem {
  /** Units that are computed. */
  readonly hidden: number;
  /** Bytes from the sums of one gate to those of the next. */
  readonly gateStep: number;
  /** Activations f, g, h of the ONNX operator. */
  readonly activations: readonly [Activation, Activation, Activation];
}

/** Gates have no choices yet. */
export type LstmGatesSchedule = Readonly<Record<string, never>>;

function lower({ hidden, gateStep, activations }: LstmGatesProblem): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  builder.buffer('gates', 'read');
  builder.buffer('cell', 'read');
  builder.buffer('newCell', 'write');
  builder.buffer('output', 'write');
  const [gateFunction, candidateFunction, outputFunction] = activations;
  const emit = (byte: Expression, lanes: number): void => {
    const gate = (position: number, activation: Activation): Expression =>
      builder.declare(
        'gate',
        emitActivation(builder, activation, load('f32x4', 'gates', byte, position * gateStep)),
      );
    const input = gate(0, gateFunction);
    const output = gate(1, gateFunction);
    const forget = gate(2, gateFunction);
    const candidate = gate(3, candidateFunction);
    const kept = multiply(forget, load('f32x4', 'cell', byte));
    const cell = builder.declare('c', settleState(builder, multiplyAdd(input, candidate, kept)));
    storeLanes(builder, 'newCell', byte, 0, cell, lanes);
    const state = settleState(builder, multiply(output, emitActivation(builder, outputFunction, cell)));
    storeLanes(builder, 'output', byte, 0, state, lanes);
  };
  const whole = hidden - (hidden % 4);
  builder.loop('unit', { to: whole * 4, step: 16 }, (byte) => {
    emit(byte, 4);
  });
  if (hidden > whole) emit(integer(whole * 4), hidden - whole);
  const name = kernelName('lstmGates', {
    h: hidden,
    gate: gateStep,
    act: activations.map(activationName).join('.'),
  });
  return builder.build(name, `LSTM gates of ${String(hidden)} units`);
}

/** Fused LSTM gates. */
export const lstmGates: KernelFamily<LstmGatesProblem, LstmGatesSchedule> = {
  name: 'lstmGates',
  defaultSchedule: () => ({}),
  refuse: () => undefined,
  sharedLoops: (problem) => ({
    loops: [
      {
        name: 'unit',
        turns: problem.hidden,
        multiple: 4,
        steps: { gates: 4, cell: 4, newCell: 4, output: 4 },
      },
    ],
    part: ([hidden = problem.hidden]) => ({ ...problem, hidden }),
  }),
  lower,
};
