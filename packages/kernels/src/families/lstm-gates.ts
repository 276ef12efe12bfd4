import type { Activation } from '@grim/ir';

import { integer, multiply, multiplyAdd } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';
import { emitActivation } from '../math/activation.ts';
import type { KernelFamily } from './family.ts';
import { hasHalves, loadVector, wideFloatsOf } from './floats.ts';
import { activationName, kernelName } from './kernel-name.ts';
import { settleState } from './settle-state.ts';
import { sharedUnits } from './shared-units.ts';
import { storeLanes } from './store-lanes.ts';

/**
 * The gates of one LSTM step for one sequence: from the sums of both products (gates in ONNX order i, o, f, c) to the new cell and output.
 *
 * `c' = f(sum_f)·c + f(sum_i)·g(sum_c)`, `y = f(sum_o)·h(c')`. States smaller than 2⁻⁹⁶ become 0, see {@link settleState}.
 */
export interface LstmGatesProblem {
  /** Floats in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
  /** Units that are computed. */
  readonly hidden: number;
  /** Bytes from the sums of one gate to those of the next. */
  readonly gateStep: number;
  /** Activations f, g, h of the ONNX operator. */
  readonly activations: readonly [Activation, Activation, Activation];
}

/** Gates have no choices yet. */
export type LstmGatesSchedule = Readonly<Record<string, never>>;

function lower(problem: LstmGatesProblem): ReturnType<KernelBuilder['build']> {
  const { hidden, gateStep, activations, element } = problem;
  const floats = wideFloatsOf(element);
  const { bytes, vectorBytes } = floats;
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
        emitActivation(builder, activation, loadVector(floats, 'gates', byte, position * gateStep)),
      );
    const input = gate(0, gateFunction);
    const output = gate(1, gateFunction);
    const forget = gate(2, gateFunction);
    const candidate = gate(3, candidateFunction);
    const kept = multiply(forget, loadVector(floats, 'cell', byte));
    const cell = builder.declare('c', settleState(builder, multiplyAdd(input, candidate, kept), element));
    storeLanes(builder, 'newCell', byte, 0, cell, lanes, floats);
    const shown = multiply(output, emitActivation(builder, outputFunction, cell));
    storeLanes(builder, 'output', byte, 0, settleState(builder, shown, element), lanes, floats);
  };
  const whole = hidden - (hidden % 4);
  builder.loop('unit', { to: whole * bytes, step: vectorBytes }, (byte) => {
    emit(byte, 4);
  });
  if (hidden > whole) emit(integer(whole * bytes), hidden - whole);
  const name = kernelName('lstmGates', {
    f16: hasHalves(problem),
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
  sharedLoops: (problem) => sharedUnits(problem, ['gates', 'cell', 'newCell', 'output']),
  lower,
};
