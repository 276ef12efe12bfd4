import { depthwise2d } from '../families/depthwise2d.ts';
import { operand, type LoweringContext, type NodeOf } from './lowering-context.ts';
import type { MatrixOperand } from './matrix-operand.ts';
import { sliceView, type View } from './view.ts';

/**
 * Emits the convolution of one image in which every input channel is a group of its own, `input [C, H, W]` with its halo to
 * `output [C·multiplier, H', W']`.
 */
export function lowerDepthwiseImage(
  context: LoweringContext,
  node: NodeOf<'conv'>,
  weights: MatrixOperand,
  bias: Float32Array | null,
  input: View,
  output: View,
): void {
  const { op } = node;
  const channels = op.groups;
  const [rows = 0, height = 0, width = 0] = output.shape;
  const [outputChannel = 0, outputRow = 0] = output.strides;
  const [channelStride = 0, rowStride = 0, pixelStride = 0] = input.strides;
  const [padY = 0, padX = 0] = op.padsBegin;
  const [strideY = 1, strideX = 1] = op.strides;
  const [dilationY = 1, dilationX = 1] = op.dilations;
  const [, , kernelHeight = 1, kernelWidth = 1] = context.shape(operand(node, 1));
  const { element } = context;
  const { bytes } = context.floats;
  const taps = kernelHeight * kernelWidth;
  const multiplier = rows / channels;
  // One call for the first filter of every channel, one for the second, and so on.
  for (let filter = 0; filter < multiplier; filter++) {
    const pick = (values: Float32Array, run: number): Float32Array =>
      Float32Array.from({ length: channels * run }, (_, index) => {
        const row = Math.floor(index / run) * multiplier + filter;
        return values[row * run + (index % run)] ?? 0;
      });
    const packed = pick(weights.matrix.values, taps);
    const start = input.offset - (padY * rowStride + padX * pixelStride) * bytes;
    const target = sliceView(output, [filter, 0, 0], [channels, height, width], [multiplier, 1, 1]);
    context.call(
      depthwise2d,
      {
        element,
        channels,
        height,
        width,
        inputChannelStep: channelStride * bytes,
        inputRowStep: strideY * rowStride * bytes,
        inputPixelStep: strideX * pixelStride * bytes,
        outputChannelStep: multiplier * outputChannel * bytes,
        outputRowStep: outputRow * bytes,
        kernelHeight,
        kernelWidth,
        tapRowStep: dilationY * rowStride * bytes,
        tapPixelStep: dilationX * pixelStride * bytes,
        bias: bias !== null,
        ...(op.activation ? { activation: op.activation } : {}),
      },
      [
        { storage: input.storage, offset: start },
        { storage: context.image(packed), offset: 0 },
        ...(bias ? [{ storage: context.image(pick(bias, 1)), offset: 0 }] : []),
        target,
      ],
      {
        path: 'dense: depthwise',
        macs: packed.length * height * width,
        weightBytes: context.imageBytes(packed),
      },
    );
  }
}
