import { borrowing } from '../../jax/borrowing.ts';
import type { Jax, JaxArray } from '../../jax/load-jax.ts';
import { upload } from '../../jax/transfer.ts';

/** The products of pixels with the weights of one element of a kernel, P pixels with C channels and M filters. */
export interface TapProducts {
  /** Weights [M,C/groups,...K] laid out for {@link forward}: one matrix for each element of the kernel. */
  readonly packForward: (weights: JaxArray) => readonly [JaxArray];
  /** The same for {@link byPixels}. */
  readonly packBackward: (weights: JaxArray) => readonly [JaxArray];
  /** Derivatives by all elements of the kernel as one by the weights, of their shape. */
  readonly unpack: (...taps: JaxArray[]) => readonly [JaxArray];
  /** Inside a compiled function: pixels [P,C] and a packed matrix to [P,M]. */
  readonly forward: (pixels: JaxArray, weight: JaxArray) => JaxArray;
  /** Inside a compiled function: derivative [P,M] by the products to that by the pixels, [P,C]. */
  readonly byPixels: (cotangent: JaxArray, weight: JaxArray) => JaxArray;
  /** Inside a compiled function: derivative by one matrix of weights. */
  readonly byWeight: (pixels: JaxArray, cotangent: JaxArray) => JaxArray;
}

/**
 * The products of a convolution. Where each channel has one filter of its own they are products of numbers; other groups are one
 * matrix with zeros between groups, which costs as many times more as there are groups.
 *
 * @param jax - The library.
 * @param groups - Independent groups of channels and filters.
 * @param channels - Channels of the input.
 * @param filters - Channels of the output.
 * @param kernel - Extents of the kernel.
 */
export function tapProducts(
  jax: Jax,
  groups: number,
  channels: number,
  filters: number,
  kernel: readonly number[],
): TapProducts {
  return groups > 1 && groups === channels && groups === filters
    ? channelwise(jax, channels, kernel)
    : matrices(jax, groups, channels, filters, kernel);
}

function channelwise(jax: Jax, channels: number, kernel: readonly number[]): TapProducts {
  const { numpy: np } = jax;
  const taps = kernel.reduce((product, extent) => product * extent, 1);
  const pack = borrowing(
    jax,
    (weights: JaxArray) => [np.transpose(weights.reshape([channels, taps]))] as const,
  );
  const unpack = borrowing(
    jax,
    (...ofTaps: JaxArray[]) => [np.stack(ofTaps, 1).reshape([channels, 1, ...kernel])] as const,
  );
  return {
    packForward: pack,
    packBackward: pack,
    unpack,
    forward: (pixels, weight) => pixels.mul(weight),
    byPixels: (cotangent, weight) => cotangent.mul(weight),
    byWeight: (pixels, cotangent) => np.sum(pixels.mul(cotangent), 0),
  };
}

function matrices(
  jax: Jax,
  groups: number,
  channels: number,
  filters: number,
  kernel: readonly number[],
): TapProducts {
  const { numpy: np } = jax;
  const taps = kernel.reduce((product, extent) => product * extent, 1);
  const ownChannels = channels / groups;
  // One where channel and filter are of the same group.
  const sameGroup = Float32Array.from({ length: channels * filters }, (_, index) =>
    Math.floor(Math.floor(index / filters) / ownChannels) ===
    Math.floor((index % filters) / (filters / groups))
      ? 1
      : 0,
  );
  const mask = groups > 1 ? upload(jax, sameGroup, [channels, filters]) : undefined;
  const whole = (weights: JaxArray): JaxArray => {
    const last = np.transpose(weights.reshape([filters, ownChannels, taps]), [2, 1, 0]);
    return mask ? np.tile(last, [1, groups, 1]).mul(mask.ref) : last;
  };
  const packForward = borrowing(jax, (weights: JaxArray) => [whole(weights)] as const);
  const packBackward = borrowing(
    jax,
    (weights: JaxArray) => [np.transpose(whole(weights), [0, 2, 1])] as const,
  );
  const unpack = borrowing(jax, (...ofTaps: JaxArray[]) => {
    const together = np.stack(ofTaps, 0);
    const own = mask
      ? np.sum(together.mul(mask.ref).reshape([taps, groups, ownChannels, filters]), 1)
      : together;
    return [np.transpose(own, [2, 1, 0]).reshape([filters, ownChannels, ...kernel])] as const;
  });
  return {
    packForward,
    packBackward,
    unpack,
    forward: (pixels, weight) => np.matmul(pixels, weight),
    byPixels: (cotangent, weight) => np.matmul(cotangent, weight),
    byWeight: (pixels, cotangent) => np.matmul(np.transpose(pixels), cotangent),
  };
}
