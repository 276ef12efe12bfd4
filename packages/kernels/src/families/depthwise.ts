import type { Activation } from '@grim/ir';

import { float, integer, load, multiply, multiplyAdd, add } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { emitActivation } from '../math/activation.ts';
import type { KernelFamily } from './family.ts';
import { activationName, kernelName } from './kernel-name.ts';
import { storableLanes, storeLanes } from './store-lanes.ts';

/**
 * One filter per channel, channels in vector lanes: `y[p][c] = activation(b[c] + Σ_t w[t][c] · x[p·step + t][c])`,
 * one spatial dimension, channels last, over padded input.
 */
export interface DepthwiseProblem {
  readonly channels: number;
  readonly positions: number;
  readonly taps: number;
  /** Bytes between two taps in the input. */
  readonly tapStep: number;
  /** Bytes between the weights of two taps; those of all channels, in whole vectors, by default. */
  readonly weightTapStep?: number;
  /** Bytes between the inputs of two positions. */
  readonly inputStep: number;
  /** Bytes between the outputs of two positions. */
  readonly outputStep: number;
  readonly bias: boolean;
  /** Floats after the last channel of a position that may be overwritten. */
  readonly outputSlack: number;
  readonly activation?: Activation;
}

/** Depthwise kernels have no choices yet. */
export type DepthwiseSchedule = Readonly<Record<string, never>>;

/** Filters with more taps than this are read again for every position instead of being kept in registers. */
const TAPS_IN_REGISTERS = 9;

const weightTapStep = ({ channels, weightTapStep: step }: DepthwiseProblem): number =>
  step ?? Math.ceil(channels / 4) * 16;

function lower(problem: DepthwiseProblem): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('weights', 'read');
  if (problem.bias) builder.buffer('bias', 'read');
  builder.buffer('output', 'write');
  const emit = (channelByte: Expression, lanes: number): void => {
    const weight = (tap: number): Expression =>
      load('f32x4', 'weights', channelByte, tap * weightTapStep(problem));
    const taps = Array.from({ length: problem.taps }, (_, tap) =>
      problem.taps <= TAPS_IN_REGISTERS ? builder.declare('w', weight(tap)) : weight(tap),
    );
    const start = problem.bias ? builder.declare('b', load('f32x4', 'bias', channelByte)) : float(0);
    builder.loop('position', { to: problem.positions }, (position) => {
      const source = builder.declare(
        'source',
        add(multiply(position, integer(problem.inputStep)), channelByte),
      );
      const target = builder.declare(
        'target',
        add(multiply(position, integer(problem.outputStep)), channelByte),
      );
      const sum = taps.reduce(
        (total, tap, index) =>
          multiplyAdd(tap, load('f32x4', 'input', source, index * problem.tapStep), total),
        start,
      );
      storeLanes(builder, 'output', target, 0, emitActivation(builder, problem.activation, sum), lanes);
    });
  };
  const whole = problem.channels - (problem.channels % 4);
  builder.loop('channel', { to: whole * 4, step: 16 }, (byte) => {
    emit(byte, 4);
  });
  const rest = problem.channels - whole;
  if (rest > 0) emit(integer(whole * 4), storableLanes(rest, problem.outputSlack));
  const name = kernelName('depthwise', {
    c: problem.channels,
    p: problem.positions,
    k: problem.taps,
    tap: problem.tapStep,
    weights: problem.weightTapStep,
    in: problem.inputStep,
    out: problem.outputStep,
    bias: problem.bias,
    slack: problem.outputSlack > 0 ? Math.min(3, problem.outputSlack) : undefined,
    act: activationName(problem.activation),
  });
  return builder.build(
    name,
    `${String(problem.channels)} channels in lanes × ${String(problem.positions)} positions, ${String(problem.taps)} taps`,
  );
}

/** Depthwise convolution, channels last. */
export const depthwise: KernelFamily<DepthwiseProblem, DepthwiseSchedule> = {
  name: 'depthwise',
  defaultSchedule: () => ({}),
  refuse: () => undefined,
  sharedLoops: (problem) => ({
    loops: [
      {
        name: 'position',
        turns: problem.positions,
        multiple: 1,
        steps: { input: problem.inputStep, output: problem.outputStep },
      },
      {
        name: 'channel',
        turns: problem.channels,
        multiple: 4,
        steps: { input: 4, weights: 4, bias: 4, output: 4 },
        onlyItems: true,
      },
    ],
    part: ([positions = problem.positions, channels = problem.channels]) => ({
      ...problem,
      positions,
      channels,
      outputSlack: 0,
      ...(channels < problem.channels ? { weightTapStep: weightTapStep(problem) } : {}),
    }),
  }),
  lower,
};
