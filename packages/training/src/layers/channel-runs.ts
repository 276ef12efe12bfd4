import { elementCount, type Shape } from '@grim/ir';

/** How values of channels lie: one run of pixels after the other, channel by channel, image by image. */
export interface ChannelRuns {
  readonly images: number;
  readonly channels: number;
  readonly pixels: number;
}

/** The runs of values of a shape whose channels are along an axis. */
export function channelRuns(shape: Shape, axis: number): ChannelRuns {
  return {
    images: elementCount(shape.slice(0, axis)),
    channels: shape[axis] ?? 1,
    pixels: elementCount(shape.slice(axis + 1)),
  };
}

/** Two numbers for each channel. */
export interface ChannelSums {
  readonly sums: Float64Array;
  readonly products: Float64Array;
}

/** Of each channel, the sum of `values` and that of their products with `others`, with 64 bits. */
export function sumChannels(
  { images, channels, pixels }: ChannelRuns,
  values: Float32Array,
  others: Float32Array,
): ChannelSums {
  const [sums, products] = [new Float64Array(channels), new Float64Array(channels)];
  for (let image = 0, at = 0; image < images; image++) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      let product = 0;
      for (const end = at + pixels; at < end; at++) {
        const value = values[at] ?? 0;
        sum += value;
        product += value * (others[at] ?? 0);
      }
      sums[channel] = (sums[channel] ?? 0) + sum;
      products[channel] = (products[channel] ?? 0) + product;
    }
  }
  return { sums, products };
}

/** Writes `values·factors + others·otherFactors + shifts`, where those have one number for each channel. */
export function combineChannels(
  { images, channels, pixels }: ChannelRuns,
  [values, factors]: readonly [Float32Array, Float64Array],
  [others, otherFactors]: readonly [Float32Array, Float64Array],
  shifts: Float64Array,
  result: Float32Array,
): void {
  for (let image = 0, at = 0; image < images; image++) {
    for (let channel = 0; channel < channels; channel++) {
      const factor = factors[channel] ?? 0;
      const otherFactor = otherFactors[channel] ?? 0;
      const shift = shifts[channel] ?? 0;
      for (const end = at + pixels; at < end; at++) {
        result[at] = (values[at] ?? 0) * factor + (others[at] ?? 0) * otherFactor + shift;
      }
    }
  }
}

/** Writes `values·factors + shifts`, where those have one number for each channel. */
export function scaleChannels(
  { images, channels, pixels }: ChannelRuns,
  values: Float32Array,
  factors: Float64Array,
  shifts: Float64Array,
  result: Float32Array,
): void {
  for (let image = 0, at = 0; image < images; image++) {
    for (let channel = 0; channel < channels; channel++) {
      const factor = factors[channel] ?? 0;
      const shift = shifts[channel] ?? 0;
      for (const end = at + pixels; at < end; at++) result[at] = (values[at] ?? 0) * factor + shift;
    }
  }
}
