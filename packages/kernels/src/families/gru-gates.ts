import type { Activation } from '@grim/ir';

import { add, float, integer, load, multiply, multiplyAdd, subtract } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { emitActivation } from '../math/activation.ts';
import type { KernelFamily } from './family.ts';
import { activationName, kernelName } from './kernel-name.ts';
import { settleState } from './settle-state.ts';
import { storeLanes } from './store-lanes.ts';

/**
 * The gates of one GRU step for one sequence, gates in ONNX order z, r, h.
 *
 * `linear` (linear_before_reset): from `input` = W·x + wb and `recurrent` = R·h + rb straight to the output,
 * `y = (1 − z)·g(input_h + r·recurrent_h) + z·h`. Otherwise the reset gate acts before the recurrent product, so the
 * step has two halves: `reset` writes `r·h` from the first two gates, and `update` finishes once `recurrent_h` =
 * R_h·(r·h) + rb is known. States smaller than 2⁻⁹⁶ become 0, see {@link settleState}.
 */
export interface GruGatesProblem {
  /** Units that are computed. */
  readonly hidden: number;
  /** Bytes from the sums of one gate to those of the next. */
  readonly gateStep: number;
  readonly part: 'linear' | 'reset' | 'update';
  /** Activations f (gates) and g (candidate) of the ONNX operator. */
  readonly activations: readonly [Activation, Activation];
}

/** Gates have no choices yet. */
export type GruGatesSchedule = Readonly<Record<string, never>>;

function lower({ hidden, gateStep, part, activations }: GruGatesProblem): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('recurrent', 'read');
  builder.buffer('hidden', 'read');
  builder.buffer('output', 'write');
  const [gateFunction, candidateFunction] = activations;
  const emit = (byte: Expression, lanes: number): void => {
    const sum = (position: number): Expression =>
      add(
        load('f32x4', 'input', byte, position * gateStep),
        load('f32x4', 'recurrent', byte, position * gateStep),
      );
    const gate = (name: string, position: number): Expression =>
      builder.declare(name, emitActivation(builder, gateFunction, sum(position)));
    const previous = builder.declare('h', load('f32x4', 'hidden', byte));
    if (part === 'reset') {
      storeLanes(builder, 'output', byte, 0, multiply(gate('r', 1), previous), lanes);
      return;
    }
    const update = gate('z', 0);
    const recurrent = load('f32x4', 'recurrent', byte, 2 * gateStep);
    const input = load('f32x4', 'input', byte, 2 * gateStep);
    const argument = part === 'linear' ? multiplyAdd(gate('r', 1), recurrent, input) : add(input, recurrent);
    const candidate = builder.declare('n', emitActivation(builder, candidateFunction, argument));
    const kept = multiply(update, previous);
    const state = settleState(builder, multiplyAdd(subtract(float(1), update), candidate, kept));
    storeLanes(builder, 'output', byte, 0, state, lanes);
  };
  const whole = hidden - (hidden % 4);
  builder.loop('unit', { to: whole * 4, step: 16 }, (byte) => {
    emit(byte, 4);
  });
  if (hidden > whole) emit(integer(whole * 4), hidden - whole);
  const name = kernelName('gruGates', {
    h: hidden,
    gate: gateStep,
    part,
    act: activations.map(activationName).join('.'),
  });
  return builder.build(name, `GRU gates (${part}) of ${String(hidden)} units`);
}

/** Fused GRU gates. */
export const gruGates: KernelFamily<GruGatesProblem, GruGatesSchedule> = {
  name: 'gruGates',
  defaultSchedule: () => ({}),
  refuse: () => undefined,
  sharedLoops: (problem) => ({
    loops: [
      {
        name: 'unit',
        turns: problem.hidden,
        multiple: 4,
        steps: { input: 4, recurrent: 4, hidden: 4, output: 4 },
      },
    ],
    part: ([hidden = problem.hidden]) => ({ ...problem, hidden }),
  }),
  lower,
};
