import type { Activation } from '@grim/ir';

import { integer, multiply, multiplyAdd, add } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';
import { emitActivation } from '../math/activation.ts';
import type { KernelFamily } from './family.ts';
import { constantOf, floatsOf, hasHalves, loadVector } from './floats.ts';
import { activationName, kernelName } from './kernel-name.ts';
import { slackName, storableLanes, storeLanes } from './store-lanes.ts';

/**
 * One filter per channel, channels in vector lanes: `y[p][c] = activation(b[c] + Σ_t w[t][c] · x[p·step + t][c])`,
 * one spatial dimension, channels last, over padded input.
 */
export interface DepthwiseProblem {
  /** Floats in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
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

function weightTapStep({ channels, element, weightTapStep: step }: DepthwiseProblem): number {
  const { lanes, vectorBytes } = floatsOf(element);
  return step ?? Math.ceil(channels / lanes) * vectorBytes;
}

function lower(problem: DepthwiseProblem): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('weights', 'read');
  if (problem.bias) builder.buffer('bias', 'read');
  builder.buffer('output', 'write');
  const floats = floatsOf(problem.element);
  const { bytes, lanes: vectorLanes, vectorBytes } = floats;
  const emit = (channelByte: Expression, lanes: number): void => {
    const weight = (tap: number): Expression =>
      loadVector(floats, 'weights', channelByte, tap * weightTapStep(problem));
    const taps = Array.from({ length: problem.taps }, (_, tap) =>
      problem.taps <= TAPS_IN_REGISTERS ? builder.declare('w', weight(tap)) : weight(tap),
    );
    const start = problem.bias
      ? builder.declare('b', loadVector(floats, 'bias', channelByte))
      : constantOf(floats, 0);
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
          multiplyAdd(tap, loadVector(floats, 'input', source, index * problem.tapStep), total),
        start,
      );
      const result = emitActivation(builder, problem.activation, sum);
      storeLanes(builder, 'output', target, 0, result, lanes, floats);
    });
  };
  const whole = problem.channels - (problem.channels % vectorLanes);
  builder.loop('channel', { to: whole * bytes, step: vectorBytes }, (byte) => {
    emit(byte, vectorLanes);
  });
  const rest = problem.channels - whole;
  if (rest > 0) emit(integer(whole * bytes), storableLanes(rest, problem.outputSlack, floats));
  const name = kernelName('depthwise', {
    f16: hasHalves(problem),
    c: problem.channels,
    p: problem.positions,
    k: problem.taps,
    tap: problem.tapStep,
    weights: problem.weightTapStep,
    in: problem.inputStep,
    out: problem.outputStep,
    bias: problem.bias,
    slack: slackName(problem.outputSlack, floats),
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
  sharedLoops: (problem) => {
    const { bytes, lanes } = floatsOf(problem.element);
    return {
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
          multiple: lanes,
          steps: { input: bytes, weights: bytes, bias: bytes, output: bytes },
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
    };
  },
  lower,
};
