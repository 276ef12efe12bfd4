import { GrimError, type Tensor } from '@grim/ir';
import type { TrainingBatches } from '@grim/prune';
import type { Batch } from './data/create-batches.ts';
import type { BatchNorm } from './extras.ts';
import { download } from './jax/transfer.ts';
import { batchNormEpsilon, channelStatistics } from './layers/batch-norm-stage.ts';
import { channelRuns, sumChannels } from './layers/channel-runs.ts';
import { present } from './layers/present.ts';
import type { PlannedStage } from './plan.ts';
import type { NetworkPass } from './run-stages.ts';

/** A network that has batch norm. */
export interface NormalisedNetwork {
  readonly batchSize: number;
  readonly stages: readonly PlannedStage[];
  /** By name of the layer. */
  readonly batchNorms: ReadonlyMap<string, BatchNorm>;
  /** Scales and shifts of batch norm among them; changed. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** A pass that takes running statistics. */
  readonly forward: (inputs: Readonly<Record<string, Float32Array>>) => Promise<NetworkPass>;
}

/** Sums over what a layer gives to batch norm, for each channel. */
interface Moments {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  count: number;
}

/**
 * Makes batch norm change nothing: it takes off the mean and the deviation that a layer's values have, and puts them back as shift and
 * scale (`β = μ`, `γ = √(σ² + ε)`).
 *
 * @param network - The network.
 * @param batches - Of their first epoch as many are taken as hold the examples.
 * @param examples - That the values come from; all of an epoch where it has fewer.
 * @throws `GrimError` when that is no number of examples, there are no batches, or naming a layer whose values are not finite.
 */
export async function settleBatchNorm(
  { batchSize, stages, batchNorms, parameters, forward }: NormalisedNetwork,
  { batchesPerEpoch, epoch }: TrainingBatches<Batch<unknown>>,
  examples: number,
): Promise<void> {
  if (examples !== Infinity && !(Number.isSafeInteger(examples) && examples > 0)) {
    throw new GrimError(`examples that batch norm is settled by must be a positive integer, got ${examples}`);
  }
  const layers = [...batchNorms].map(([layer, { gamma, beta, axis, running }]) => {
    const scales = present(parameters.get(gamma)).data;
    const shifts = present(parameters.get(beta)).data;
    const stage = present(stages.find(({ inputs }) => inputs.includes(gamma)));
    const moments: Moments = {
      sums: new Float64Array(scales.length),
      squares: new Float64Array(scales.length),
      count: 0,
    };
    return { layer, scales, shifts, axis, running, before: present(stage.inputs[0]), moments };
  });
  // With these it does nothing, so that every layer sees what it would without.
  for (const { scales, shifts, running } of layers) {
    scales.fill(Math.sqrt(1 + batchNormEpsilon));
    shifts.fill(0);
    running.mean.data.fill(0);
    running.variance.data.fill(1);
  }
  let left = Math.min(Math.ceil(examples / batchSize), batchesPerEpoch);
  for await (const { inputs } of epoch(0)) {
    const pass = await forward(inputs);
    try {
      for (const { before, axis, moments } of layers) {
        const array = pass.value(before);
        const values = await download(array.ref);
        const runs = channelRuns(array.shape, axis);
        const { sums, products } = sumChannels(runs, values, values);
        sums.forEach((sum, channel) => {
          moments.sums[channel] = (moments.sums[channel] ?? 0) + sum;
          moments.squares[channel] = (moments.squares[channel] ?? 0) + (products[channel] ?? 0);
        });
        moments.count += runs.images * runs.pixels;
      }
    } finally {
      pass.release();
    }
    if (--left === 0) break;
  }
  const found = layers.map(({ layer, moments: { sums, squares, count }, ...rest }) => {
    if (count === 0) throw new GrimError('there are no batches that batch norm could be settled by');
    const { mean, variance } = channelStatistics(sums, squares, count);
    const value = [...mean, ...variance].find((each) => !Number.isFinite(each));
    if (value !== undefined) throw new GrimError(`mean or variance of its values is ${value}`, { layer });
    return { ...rest, mean, variance };
  });
  for (const { scales, shifts, running, mean, variance } of found) {
    running.mean.data.set(mean);
    running.variance.data.set(variance);
    shifts.set(mean);
    scales.set(variance.map((value) => Math.sqrt(value + batchNormEpsilon)));
  }
}
