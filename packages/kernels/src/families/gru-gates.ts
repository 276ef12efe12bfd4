import type { Activation } from '@grim/ir';

import { add, float, integer, multiply, multiplyAdd, subtract } from '../kernel-ir/expressions.ts';
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
 * The gates of one GRU step for one sequence, gates in ONNX order z, r, h.
 *
 * `linear` (linear_before_reset): from `input` = W·x + wb and `recurrent` = R·h + rb straight to the output,
 * `y = (1 − z)·g(input_h + r·recurrent_h) + z·h`. Otherwise the reset gate acts before the recurrent product, so the
 * step has two halves: `reset` writes `r·h` from the first two gates, and `update` finishes once `recurrent_h` =
 * R_h·(r·h) + rb is known. States smaller than 2⁻⁹⁶ become 0, see {@link settleState}.
 */
export interface GruGatesProblem {
  /** Floats in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
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

function lower(problem: GruGatesProblem): ReturnType<KernelBuilder['build']> {
  const { hidden, gateStep, part, activations, element } = problem;
  const floats = wideFloatsOf(element);
  const { bytes, vectorBytes } = floats;
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('recurrent', 'read');
  builder.buffer('hidden', 'read');
  builder.buffer('output', 'write');
  const [gateFunction, candidateFunction] = activations;
  const emit = (byte: Expression, lanes: number): void => {
    const sum = (position: number): Expression =>
      add(
        loadVector(floats, 'input', byte, position * gateStep),
        loadVector(floats, 'recurrent', byte, position * gateStep),
      );
    const gate = (name: string, position: number): Expression =>
      builder.declare(name, emitActivation(builder, gateFunction, sum(position)));
    const previous = builder.declare('h', loadVector(floats, 'hidden', byte));
    if (part === 'reset') {
      storeLanes(builder, 'output', byte, 0, multiply(gate('r', 1), previous), lanes, floats);
      return;
    }
    const update = gate('z', 0);
    const recurrent = loadVector(floats, 'recurrent', byte, 2 * gateStep);
    const input = loadVector(floats, 'input', byte, 2 * gateStep);
    const argument = part === 'linear' ? multiplyAdd(gate('r', 1), recurrent, input) : add(input, recurrent);
    const candidate = builder.declare('n', emitActivation(builder, candidateFunction, argument));
    const kept = multiply(update, previous);
    const mixed = multiplyAdd(subtract(float(1), update), candidate, kept);
    storeLanes(builder, 'output', byte, 0, settleState(builder, mixed, element), lanes, floats);
  };
  const whole = hidden - (hidden % 4);
  builder.loop('unit', { to: whole * bytes, step: vectorBytes }, (byte) => {
    emit(byte, 4);
  });
  if (hidden > whole) emit(integer(whole * bytes), hidden - whole);
  const name = kernelName('gruGates', {
    f16: hasHalves(problem),
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
  sharedLoops: (problem) => sharedUnits(problem, ['input', 'recurrent', 'hidden', 'output']),
  lower,
};
