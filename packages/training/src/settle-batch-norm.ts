import { elementCount, type Shape, type Tensor } from '@grim/ir';
import type { BatchNorm } from './extras.ts';
import { batchNormEpsilon } from './layers/batch-norm-stage.ts';

/** Sums over what a layer gave to batch norm, one for each channel. */
export class ChannelMoments {
  private readonly sums: Float64Array;
  private readonly squares: Float64Array;
  private readonly inner: number;
  private count = 0;

  /**
   * @param shape - Of a batch of values.
   * @param axis - Axis of the channels.
   */
  constructor(shape: Shape, axis: number) {
    this.sums = new Float64Array(shape[axis] ?? 0);
    this.squares = new Float64Array(this.sums.length);
    this.inner = elementCount(shape.slice(axis + 1));
  }

  /** Adds a batch of values, row-major. */
  add(values: Float32Array): void {
    const channels = this.sums.length;
    const { inner } = this;
    for (
      let start = 0, channel = 0;
      start < values.length;
      start += inner, channel = (channel + 1) % channels
    ) {
      let [sum, square] = [0, 0];
      for (let at = start; at < start + inner; at++) {
        const value = values[at] ?? 0;
        sum += value;
        square += value * value;
      }
      this.sums[channel] = (this.sums[channel] ?? 0) + sum;
      this.squares[channel] = (this.squares[channel] ?? 0) + square;
    }
    this.count += values.length / channels;
  }

  /** Mean and variance of a channel. */
  of(channel: number): { readonly mean: number; readonly variance: number } {
    const mean = (this.sums[channel] ?? 0) / this.count;
    return { mean, variance: Math.max((this.squares[channel] ?? 0) / this.count - mean * mean, 0) };
  }
}

/**
 * Makes batch norm change nothing: it takes off the mean and the deviation that a layer's values have, and puts them back as shift and
 * scale (`β = μ`, `γ = √(σ² + ε)`).
 *
 * @param batchNorm - Batch norm of the layer.
 * @param parameters - Where its scale and shift are.
 * @param moments - Of the layer's values.
 */
export function settleBatchNorm(
  { gamma, beta, running }: BatchNorm,
  parameters: ReadonlyMap<string, Tensor>,
  moments: ChannelMoments,
): void {
  const [scales, shifts] = [parameters.get(gamma)?.data, parameters.get(beta)?.data];
  running.mean.data.forEach((_, channel) => {
    const { mean, variance } = moments.of(channel);
    running.mean.data[channel] = mean;
    running.variance.data[channel] = variance;
    if (scales) scales[channel] = Math.sqrt(variance + batchNormEpsilon);
    if (shifts) shifts[channel] = mean;
  });
}
