import { elementCount } from '@grim/ir';

import { depthwise } from '../families/depthwise.ts';
import { MAXIMUM_DEPTHWISE_TAPS } from '../families/depthwise2d.ts';
import type { Floats } from '../families/floats.ts';
import { forwardView } from './forward-view.ts';
import { result, operand, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { lowerDepthwiseImage } from './lower-depthwise-image.ts';
import { lowerImageConv } from './lower-image-conv.ts';
import { lowerProduct } from './lower-product.ts';
import { matrixOperand, matrixRows, type MatrixOperand } from './matrix-operand.ts';
import type { ColumnPlacement } from './pack-spmv.ts';
import { itemView, sliceView, type View } from './view.ts';
import { withHalo } from './with-halo.ts';

/** Where column c·taps + t of the weights lies in a one-dimensional input `[C, L]`. */
function placeColumns(
  input: View,
  { bytes }: Floats,
  channels: number,
  taps: number,
  dilation: number,
): ColumnPlacement {
  const channelStride = input.strides[0] ?? 0;
  const tapStride = (input.strides[1] ?? 0) * dilation;
  const offset = (column: number): number =>
    (Math.floor(column / taps) * channelStride + (column % taps) * tapStride) * bytes;
  const order = (index: number): number => (index % channels) * taps + Math.floor(index / channels);
  if (channels === 1) {
    const consecutive = taps === 1 || tapStride === 1;
    return consecutive
      ? { offset, runs: { runs: 1, runLength: taps, runStep: taps * bytes, order: (index) => index } }
      : { offset, runs: { runs: taps, runLength: 1, runStep: tapStride * bytes, order: (index) => index } };
  }
  if (channelStride !== 1) return { offset };
  return {
    offset,
    runs: { runs: taps, runLength: channels, runStep: Math.max(bytes, tapStride * bytes), order },
  };
}

/** Emits the convolution of one sequence, `input [C, L]` with its halo to `output [M, positions]`, channels last. */
function lowerSequence(
  context: LoweringContext,
  node: NodeOf<'conv'>,
  weights: MatrixOperand,
  bias: Float32Array | null,
  input: View,
  output: View,
): void {
  const { op } = node;
  const [rows = 0, positions = 0] = output.shape;
  const taps = context.shape(operand(node, 1))[2] ?? 1;
  const [pad = 0] = op.padsBegin;
  const [stride = 1] = op.strides;
  const [dilation = 1] = op.dilations;
  const positionStride = input.strides[1] ?? 0;
  const groupChannels = (input.shape[0] ?? 0) / op.groups;
  const groupRows = rows / op.groups;
  const { floats, element } = context;
  const { bytes, lanes } = floats;
  const start = input.offset - pad * positionStride * bytes;
  const inputStep = stride * positionStride * bytes;
  const outputStep = (output.strides[1] ?? 0) * bytes;
  const activation = op.activation ? { activation: op.activation } : {};

  if (op.groups > 1 && groupChannels === 1 && groupRows === 1 && input.strides[0] === 1) {
    const stored = Math.ceil(rows / lanes) * lanes;
    const packed = new Float32Array(taps * stored);
    const padded = new Float32Array(stored);
    for (let channel = 0; channel < rows; channel++) {
      padded[channel] = bias?.[channel] ?? 0;
      for (let tap = 0; tap < taps; tap++) {
        packed[tap * stored + channel] = weights.matrix.values[channel * taps + tap] ?? 0;
      }
    }
    const places = [
      { storage: input.storage, offset: start },
      { storage: context.image(packed), offset: 0 },
      ...(bias ? [{ storage: context.image(padded), offset: 0 }] : []),
      output,
    ];
    context.call(
      depthwise,
      {
        element,
        channels: rows,
        positions,
        taps,
        tapStep: positionStride * dilation * bytes,
        inputStep,
        outputStep,
        bias: bias !== null,
        outputSlack: output.slack,
        ...activation,
      },
      places,
      {
        path: 'dense: depthwise',
        macs: packed.length * positions,
        weightBytes: context.imageBytes(packed),
      },
    );
    return;
  }

  for (let group = 0; group < op.groups; group++) {
    const channels = sliceView(input, [group * groupChannels, 0], [groupChannels, input.shape[1] ?? 0]);
    const target = sliceView(output, [group * groupRows, 0], [groupRows, positions]);
    lowerProduct(context, {
      element,
      operand: op.groups === 1 ? weights : matrixRows(weights, group * groupRows, groupRows),
      columns: placeColumns(channels, floats, groupChannels, taps, dilation),
      positions,
      input: { storage: channels.storage, offset: channels.offset - pad * positionStride * bytes },
      inputStep,
      output: target,
      outputStep,
      outputSlack: op.groups === 1 ? output.slack : 0,
      addend: bias?.subarray(group * groupRows, (group + 1) * groupRows) ?? null,
      ...activation,
    });
  }
}

/**
 * One-dimensional convolutions go to `spmv` (or `depthwise`) channels last, two-dimensional ones to `spmm` (or
 * `depthwise2d`) channels first.
 */
export function lowerConv(context: LoweringContext, node: NodeOf<'conv'>): void {
  const value = result(node);
  const shape = context.shape(value);
  const weights = matrixOperand(context, node, 1);
  const biasName = node.inputs[2];
  const bias = biasName ? (context.graph.constants.get(biasName)?.data ?? null) : null;
  if (biasName && !bias) throw context.refuse(`bias ${biasName} is not constant`);
  const twoDimensional = shape.length === 4;
  // Offsets in kernels count forward from an address.
  const source = operand(node, 0);
  const from = forwardView(context, context.view(source));
  const input = withHalo(context, from, node.op, twoDimensional ? context.imageOrder(source) : undefined);
  const order = twoDimensional ? context.imageOrder(value) : [0, 2, 1];
  const output = context.allocateFor(value, shape, order);
  const taps = weights.matrix.columns;
  const depthwiseImage =
    twoDimensional &&
    node.op.groups > 1 &&
    node.op.groups === input.shape[1] &&
    taps <= MAXIMUM_DEPTHWISE_TAPS;
  for (let item = 0; item < (shape[0] ?? 0); item++) {
    const image = itemView(input, item);
    const to = itemView(output, item);
    if (elementCount(to.shape) === 0) continue;
    if (depthwiseImage) lowerDepthwiseImage(context, node, weights, bias, image, to);
    else if (twoDimensional) lowerImageConv(context, node, weights, bias, image, to);
    else lowerSequence(context, node, weights, bias, image, to);
  }
  context.bind(value, output);
}
