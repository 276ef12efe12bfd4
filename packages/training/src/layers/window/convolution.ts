import { makeSlicedConvolution } from './sliced-convolution.ts';
import { makeWinogradConvolution, suitsWinograd } from './winograd-convolution.ts';
import type { WindowPlane } from './window-plane.ts';

/** What a convolution joins: N images of C channels and M filters, K elements of the kernel. */
export interface ConvolutionShape {
  readonly plane: WindowPlane;
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly groups: number;
}

/** A convolution and its derivatives; arrays are row-major. What a call gives is in the memory of kernels: it lasts until the next call of any. */
export interface Convolution {
  /** Images [N,C,…], weights [M,C/groups,…], a number for each filter or none, to images [N,M,…]. */
  readonly forward: (images: Float32Array, weights: Float32Array, shifts?: Float32Array) => Float32Array;
  /** Derivative by the images from that by the result. */
  readonly byImages: (cotangent: Float32Array, weights: Float32Array) => Float32Array;
  /** Derivative by the weights. */
  readonly byWeights: (cotangent: Float32Array, images: Float32Array) => Float32Array;
}

/** A convolution, computed in the way that takes the fewest multiplications. */
export function makeConvolution(shape: ConvolutionShape): Promise<Convolution> {
  return suitsWinograd(shape) ? makeWinogradConvolution(shape) : makeSlicedConvolution(shape);
}
