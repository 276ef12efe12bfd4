import { elementCount, type Tensor } from '@grim/ir';
import { borrowing } from '../jax/borrowing.ts';
import type { JaxArray } from '../jax/load-jax.ts';
import { download, upload } from '../jax/transfer.ts';
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

/**
 * Batch normalisation of each channel (Ioffe and Szegedy 2015, algorithms 1 and 2): operands `x`, `gamma [C]`, `beta [C]`.
 *
 * @param site - Where it is.
 * @param axis - Axis of the channels.
 * @param running - Changed by each pass in training, and used in its place otherwise.
 */
export function batchNormStage(site: StageSite, axis: number, running: RunningStatistics): Stage {
  const { jax } = site;
  const { numpy: np } = jax;
  const shape = [...present(site.inputShapes[0])];
  const channels = present(shape[axis]);
  const blocks: [number, number, number] = [
    elementCount(shape.slice(0, axis)),
    channels,
    elementCount(shape.slice(axis + 1)),
  ];
  const count = blocks[0] * blocks[2];
  const [wantsX = false, wantsGamma = false, wantsBeta = false] = site.wanted;
  const column = [1, channels, 1];
  const sum = (values: JaxArray): JaxArray => np.sum(np.sum(values, 2), 0);
  const statistics = borrowing(jax, (x: JaxArray) => {
    const values = x.reshape(blocks);
    const mean = sum(values.ref).mul(1 / count);
    const variance = sum(np.square(values.sub(mean.ref.reshape(column)))).mul(1 / count);
    return [mean, variance] as const;
  });
  const normalised = (x: JaxArray, mean: JaxArray, variance: JaxArray): JaxArray =>
    x
      .reshape(blocks)
      .sub(mean.reshape(column))
      .mul(np.reciprocal(np.sqrt(variance.add(batchNormEpsilon))).reshape(column));
  const apply = borrowing(
    jax,
    (x: JaxArray, gamma: JaxArray, beta: JaxArray, mean: JaxArray, variance: JaxArray) =>
      [
        normalised(x, mean, variance).mul(gamma.reshape(column)).add(beta.reshape(column)).reshape(shape),
      ] as const,
  );
  const sums = borrowing(jax, (cotangent: JaxArray, x: JaxArray, mean: JaxArray, variance: JaxArray) => {
    const by = cotangent.reshape(blocks);
    return [sum(by.ref), sum(by.mul(normalised(x, mean, variance)))] as const;
  });
  const byX = borrowing(
    jax,
    (
      cotangent: JaxArray,
      x: JaxArray,
      gamma: JaxArray,
      mean: JaxArray,
      variance: JaxArray,
      byBeta: JaxArray,
      byGamma: JaxArray,
    ) => {
      const scale = gamma.mul(np.reciprocal(np.sqrt(variance.ref.add(batchNormEpsilon))));
      const along = normalised(x, mean, variance).mul(byGamma.mul(1 / count).reshape(column));
      const centred = cotangent
        .reshape(blocks)
        .sub(byBeta.mul(1 / count).reshape(column))
        .sub(along);
      return [centred.mul(scale.reshape(column)).reshape(shape)] as const;
    },
  );
  return async (operands, mode) => {
    const [x, gamma, beta] = [present(operands[0]), present(operands[1]), present(operands[2])];
    const [mean, variance] =
      mode === 'training'
        ? statistics(x)
        : [upload(jax, running.mean.data, [channels]), upload(jax, running.variance.data, [channels])];
    if (mode === 'training') {
      blend(running.mean.data, await download(mean.ref), 1);
      blend(running.variance.data, await download(variance.ref), count / Math.max(1, count - 1));
    }
    return {
      outputs: apply(x, gamma, beta, mean, variance),
      pullBack: ([cotangent]) => {
        if (!cotangent) return Promise.resolve([null, null, null]);
        const [byBeta, byGamma] = sums(cotangent, x, mean, variance);
        const ofX = wantsX ? byX(cotangent, x, gamma, mean, variance, byBeta, byGamma)[0] : null;
        if (!wantsBeta) byBeta.dispose();
        if (!wantsGamma) byGamma.dispose();
        return Promise.resolve([ofX, wantsGamma ? byGamma : null, wantsBeta ? byBeta : null]);
      },
      release: () => {
        mean.dispose();
        variance.dispose();
      },
    };
  };
}

/** Moves running statistics towards those of a batch, which are scaled. */
function blend(running: Float32Array, batch: Float32Array, scale: number): void {
  batch.forEach((value, channel) => {
    running[channel] = (1 - momentum) * (running[channel] ?? 0) + momentum * value * scale;
  });
}
