import type { Convolution, ConvolutionShape } from './convolution.ts';
import { tilesAlong } from './tiled-plane.ts';
import { winograd } from './winograd-matrices.ts';
import { makeWinogradDots } from './winograd-dots.ts';
import { makeWinogradSums } from './winograd-sums.ts';

const axes = [0, 1] as const;
const taps = winograd.kernel ** 2;

/** Border of a result of which windows of the derivative see all. */
const farBorder = winograd.kernel - 1;

/** Below so many kernels, transforming tiles takes longer than their multiplications. */
const leastKernels = 64;

/** Whether {@link makeWinogradConvolution} can compute a convolution, and has fewer multiplications to do. */
export function suitsWinograd({ plane, groups, channels, filters }: ConvolutionShape): boolean {
  const { input, output, kernel, strides, dilations, padsBegin } = plane;
  const multiplications = winograd.inputs ** 2 * tilesAlong(output[0]) * tilesAlong(output[1]);
  return (
    groups === 1 &&
    channels * filters >= leastKernels &&
    multiplications < taps * output[0] * output[1] &&
    axes.every((axis) => {
      const padsEnd = output[axis] + farBorder - input[axis] - padsBegin[axis];
      return (
        kernel[axis] === winograd.kernel &&
        strides[axis] === 1 &&
        dilations[axis] === 1 &&
        padsBegin[axis] <= farBorder &&
        padsEnd >= 0 &&
        padsEnd <= farBorder
      );
    })
  );
}

/** A convolution with kernels of 3×3, and its derivatives, by minimal filtering ({@link makeWinogradSums}). */
export async function makeWinogradConvolution(shape: ConvolutionShape): Promise<Convolution> {
  const { plane, batch, channels, filters } = shape;
  const { input, output, padsBegin } = plane;
  const forwards = { batch, channels, filters, input, output, padsBegin };
  const backwards = {
    batch,
    channels: filters,
    filters: channels,
    input: output,
    output: input,
    padsBegin: [farBorder - padsBegin[0], farBorder - padsBegin[1]] as const,
  };
  const [forward, byImages, byWeights] = await Promise.all([
    makeWinogradSums(forwards, {
      rowStep: winograd.kernel,
      columnStep: 1,
      filterStep: channels * taps,
      channelStep: taps,
    }),
    // The same sums of the derivative, with kernels turned by half a turn.
    makeWinogradSums(backwards, {
      start: taps - 1,
      rowStep: -winograd.kernel,
      columnStep: -1,
      filterStep: taps,
      channelStep: channels * taps,
    }),
    makeWinogradDots(forwards),
  ]);
  return { forward, byImages: (cotangent, weights) => byImages(cotangent, weights), byWeights };
}
