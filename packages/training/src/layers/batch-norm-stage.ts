import type { Tensor } from '@grim/ir';
import type { JaxArray } from '../jax/load-jax.ts';
import { download, upload } from '../jax/transfer.ts';
import { channelRuns, combineChannels, scaleChannels, sumChannels } from './channel-runs.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';

/** Added to the variance. */
export const batchNormEpsilon = 1e-5;

/** How much of the running statistics each batch replaces. */
const momentum = 0.1;

/** What a batch norm layer remembers of its batches, one value for each channel. */
export interface RunningStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** Mean and variance of each channel. */
export interface ChannelStatistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Statistics from the sums of that many values and of their squares, which have to be of 64 bits. */
export function channelStatistics(
  sums: Float64Array,
  squares: Float64Array,
  count: number,
): ChannelStatistics {
  const mean = sums.map((sum) => sum / count);
  const variance = squares.map((sum, channel) => Math.max(0, sum / count - present(mean[channel]) ** 2));
  return { mean, variance };
}

/**
 * Batch normalisation of each channel (Ioffe and Szegedy 2015, algorithms 1 and 2): operands `x`, `gamma [C]`, `beta [C]`. Forwards and
 * backwards it is the same: sums over each channel, then a linear function of its values.
 *
 * @param site - Where it is.
 * @param axis - Axis of the channels.
 * @param running - Changed by each pass in training, and used in its place otherwise.
 */
export function batchNormStage(site: StageSite, axis: number, running: RunningStatistics): Stage {
  const { jax } = site;
  const shape = [...present(site.inputShapes[0])];
  const runs = channelRuns(shape, axis);
  const count = runs.images * runs.pixels;
  const [wantsX = false, wantsGamma = false, wantsBeta = false] = site.wanted;
  /** What is on its way to jax-js: fresh memory for each pass would be most of its time. */
  const result = new Float32Array(count * runs.channels);
  const ofChannels = (values: Float64Array) => upload(jax, Float32Array.from(values), [runs.channels]);
  const statisticsOf = (x: Float32Array): ChannelStatistics => {
    const { sums, products } = sumChannels(runs, x, x);
    return channelStatistics(sums, products, count);
  };
  const remembered = (): ChannelStatistics => ({
    mean: Float64Array.from(running.mean.data),
    variance: Float64Array.from(running.variance.data),
  });

  return async (operands, mode) => {
    const x = await download(present(operands[0]).ref);
    const gamma = await download(present(operands[1]).ref);
    const beta = await download(present(operands[2]).ref);
    const { mean, variance } = mode === 'training' ? statisticsOf(x) : remembered();
    if (mode === 'training') {
      blend(running.mean.data, mean, 1);
      blend(running.variance.data, variance, count / Math.max(1, count - 1));
    }
    const inverse = variance.map((value) => 1 / Math.sqrt(value + batchNormEpsilon));
    const scale = inverse.map((value, channel) => value * present(gamma[channel]));
    const shift = scale.map((factor, channel) => present(beta[channel]) - present(mean[channel]) * factor);
    scaleChannels(runs, x, scale, shift, result);
    return {
      outputs: [upload(jax, result, shape)],
      pullBack: async ([given]) => {
        if (!given) return [null, null, null];
        const cotangent = await download(given.ref);
        const { sums: byBeta, products } = sumChannels(runs, cotangent, x);
        const byGamma = products.map((product, channel) => {
          return (product - present(mean[channel]) * present(byBeta[channel])) * present(inverse[channel]);
        });
        const byX = (): JaxArray => {
          const ofX = scale.map((factor, channel) => {
            return (-factor * present(inverse[channel]) * present(byGamma[channel])) / count;
          });
          const shifts = scale.map((factor, channel) => {
            return (
              (-factor * present(byBeta[channel])) / count - present(ofX[channel]) * present(mean[channel])
            );
          });
          combineChannels(runs, [cotangent, scale], [x, ofX], shifts, result);
          return upload(jax, result, shape);
        };
        return [
          wantsX ? byX() : null,
          wantsGamma ? ofChannels(byGamma) : null,
          wantsBeta ? ofChannels(byBeta) : null,
        ];
      },
      // What is kept for the backward pass is not jax-js's.
      release: () => undefined,
    };
  };
}

/** Moves running statistics towards those of a batch, which are scaled. */
function blend(running: Float32Array, batch: Float64Array, scale: number): void {
  batch.forEach((value, channel) => {
    running[channel] = (1 - momentum) * (running[channel] ?? 0) + momentum * value * scale;
  });
}
