import { spmm, spmmScratch } from '../families/spmm/spmm.ts';
import type { Tap } from '../families/spmm/panel-layout.ts';
import { operand, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { matrixRows, type MatrixOperand } from './matrix-operand.ts';
import { packSpmm, type SpmmShape } from './pack-spmm.ts';
import { splitImageProduct } from './split-image-product.ts';
import { sliceView, type View } from './view.ts';

/** Emits the convolution of one image, `input [C, H, W]` with its halo to `output [M, H', W']`, channels first. */
export function lowerImageConv(
  context: LoweringContext,
  node: NodeOf<'conv'>,
  weights: MatrixOperand,
  bias: Float32Array | null,
  input: View,
  output: View,
): void {
  const { op } = node;
  const [rows = 0, height = 0, width = 0] = output.shape;
  const [, , kernelHeight = 1, kernelWidth = 1] = context.shape(operand(node, 1));
  const [channelStride = 0, rowStride = 0, pixelStride = 0] = input.strides;
  const [padY = 0, padX = 0] = op.padsBegin;
  const [strideY = 1, strideX = 1] = op.strides;
  const [dilationY = 1, dilationX = 1] = op.dilations;
  const { bytes } = context.floats;
  const taps = kernelHeight * kernelWidth;
  const groupChannels = (input.shape[0] ?? 0) / op.groups;
  const groupRows = rows / op.groups;
  const outputChannelStep = (output.strides[0] ?? 0) * bytes;
  const tap = (column: number): Tap => {
    const position = column % taps;
    return {
      channel: Math.floor(column / taps),
      y: Math.floor(position / kernelWidth) * dilationY,
      x: (position % kernelWidth) * dilationX,
    };
  };
  const shape: SpmmShape = {
    element: context.element,
    rows: groupRows,
    height,
    width,
    inputRowStep: strideY * rowStride * bytes,
    inputPixelStep: strideX * pixelStride * bytes,
    outputRowStep: (output.strides[1] ?? 0) * bytes,
    outputChannelStep,
    window: {
      channels: groupChannels,
      channelStep: channelStride * bytes,
      rowStep: rowStride * bytes,
      pixelStep: pixelStride * bytes,
      height: (kernelHeight - 1) * dilationY + 1,
      width: (kernelWidth - 1) * dilationX + 1,
    },
    bias: bias !== null,
    ...(op.activation ? { activation: op.activation } : {}),
  };
  for (let group = 0; group < op.groups; group++) {
    const channels = sliceView(input, [group * groupChannels, 0, 0], [groupChannels, 1, 1]);
    const target = sliceView(output, [group * groupRows, 0, 0], [groupRows, height, width]);
    const matrix = op.groups === 1 ? weights : matrixRows(weights, group * groupRows, groupRows);
    const packed = packSpmm(matrix, shape, tap, context.target);
    const start = channels.offset - (padY * rowStride + padX * pixelStride) * bytes;
    const ordered = bias && Float32Array.from(packed.order, (row) => bias[group * groupRows + row] ?? 0);
    context.together(() => {
      for (const part of splitImageProduct(
        packed,
        matrix.schedule !== undefined,
        context.target,
        context.threads,
      )) {
        const { problem, schedule, data, firstRow, firstY } = part;
        const buffers = [
          { storage: channels.storage, offset: start + firstY * shape.inputRowStep },
          ...data.map((values) => ({ storage: context.image(values), offset: 0 })),
        ];
        if (ordered) buffers.push({ storage: context.image(ordered), offset: firstRow * bytes });
        const scratch = spmmScratch(problem, schedule);
        if (scratch > 0) buffers.push(context.allocate([scratch]));
        buffers.push(sliceView(target, [part.outputRow, firstY, 0], target.shape));
        context.call(
          spmm,
          problem,
          buffers,
          {
            path: packed.path,
            macs: part.stored * problem.height * width,
            weightBytes: data.reduce((sum, values) => sum + context.imageBytes(values), 0),
          },
          schedule,
        );
      }
    });
  }
}
