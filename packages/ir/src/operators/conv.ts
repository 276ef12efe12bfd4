import { GrimError } from '../errors.ts';
import { elementCount, formatShape, zeros, type Shape, type Tensor } from '../tensor.ts';
import { evaluateActivation, type Activation } from './activation.ts';
import type { OperatorDefinition } from './operator.ts';

/** Convolution over one or two spatial dimensions, batch 1 or more, in channels-first layout. */
export interface ConvOperator {
  readonly kind: 'conv';
  /** Step per spatial dimension. */
  readonly strides: readonly number[];
  /** Zeros before each spatial dimension. */
  readonly padsBegin: readonly number[];
  /** Zeros after each spatial dimension. */
  readonly padsEnd: readonly number[];
  /** Distance between kernel taps per spatial dimension. */
  readonly dilations: readonly number[];
  /** Input and output channels are split into this many independent groups. */
  readonly groups: number;
  /** Applied to every output. */
  readonly activation?: Activation;
}

function outputExtent(op: ConvOperator, axis: number, input: number, kernel: number): number {
  const span = ((op.dilations[axis] ?? 1) * (kernel - 1)) + 1;
  const padded = input + (op.padsBegin[axis] ?? 0) + (op.padsEnd[axis] ?? 0);
  return Math.floor((padded - span) / (op.strides[axis] ?? 1)) + 1;
}

function inferShapes(op: ConvOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const [x, weights, bias] = inputs;
  if (!x || !weights) throw new GrimError('conv needs an input and weights');
  const rank = op.strides.length;
  if (x.length !== rank + 2 || weights.length !== rank + 2) {
    throw new GrimError(
      `conv over ${rank} dimension(s) needs input and weights of rank ${rank + 2}, got ${formatShape(x)} and ${formatShape(weights)}`,
    );
  }
  const [batch = 0, channels = 0, ...spatial] = x;
  const [filters = 0, channelsPerGroup = 0, ...kernel] = weights;
  if (channels !== channelsPerGroup * op.groups || filters % op.groups !== 0) {
    throw new GrimError(
      `conv with ${op.groups} group(s) cannot apply weights ${formatShape(weights)} to input ${formatShape(x)}`,
    );
  }
  if (bias && (bias.length !== 1 || bias[0] !== filters)) {
    throw new GrimError(`conv bias must be [${filters}], got ${formatShape(bias)}`);
  }
  const out = spatial.map((extent, axis) => outputExtent(op, axis, extent, kernel[axis] ?? 1));
  if (out.some((extent) => extent < 1)) {
    throw new GrimError(`conv kernel ${formatShape(kernel)} does not fit the padded input ${formatShape(x)}`);
  }
  return [[batch, filters, ...out]];
}

function reference(op: ConvOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const [x, weights, bias] = inputs;
  if (!x || !weights) throw new GrimError('conv needs an input and weights');
  const [shape = []] = inferShapes(op, inputs.map((tensor) => tensor?.shape ?? null));
  const output = zeros(shape);
  // One-dimensional convolution is the two-dimensional one with a height of 1.
  const two = <T>(values: readonly T[], fill: T): [T, T] =>
    values.length === 2 ? [values[0] ?? fill, values[1] ?? fill] : [fill, values[0] ?? fill];
  const [inHeight, inWidth] = two(x.shape.slice(2), 1);
  const [outHeight, outWidth] = two(shape.slice(2), 1);
  const [kernelHeight, kernelWidth] = two(weights.shape.slice(2), 1);
  const [strideY, strideX] = two(op.strides, 1);
  const [padY, padX] = two(op.padsBegin, 0);
  const [dilationY, dilationX] = two(op.dilations, 1);
  const batch = shape[0] ?? 0;
  const filters = shape[1] ?? 0;
  const channels = x.shape[1] ?? 0;
  const groupChannels = weights.shape[1] ?? 0;
  const groupFilters = filters / op.groups;
  for (let n = 0; n < batch; n++) {
    for (let filter = 0; filter < filters; filter++) {
      const firstChannel = Math.floor(filter / groupFilters) * groupChannels;
      for (let oy = 0; oy < outHeight; oy++) {
        for (let ox = 0; ox < outWidth; ox++) {
          let sum = bias?.data[filter] ?? 0;
          for (let c = 0; c < groupChannels; c++) {
            for (let ky = 0; ky < kernelHeight; ky++) {
              const iy = oy * strideY - padY + ky * dilationY;
              if (iy < 0 || iy >= inHeight) continue;
              for (let kx = 0; kx < kernelWidth; kx++) {
                const ix = ox * strideX - padX + kx * dilationX;
                if (ix < 0 || ix >= inWidth) continue;
                const value = x.data[((n * channels + firstChannel + c) * inHeight + iy) * inWidth + ix] ?? 0;
                const weight =
                  weights.data[((filter * groupChannels + c) * kernelHeight + ky) * kernelWidth + kx] ?? 0;
                sum += value * weight;
              }
            }
          }
          output.data[((n * filters + filter) * outHeight + oy) * outWidth + ox] = op.activation
            ? evaluateActivation(op.activation, sum)
            : sum;
        }
      }
    }
  }
  return [output];
}

/** Convolution: `y[n,m,o] = activation(b[m] + Σ x[n,c,o·stride+k·dilation−pad] · w[m,c,k])`. */
export const conv: OperatorDefinition<ConvOperator> = {
  kind: 'conv',
  operands: ['x', 'weights', 'bias?'],
  results: ['y'],
  inferShapes,
  reference,
  macs: (_op, inputs, outputs) =>
    elementCount(outputs[0] ?? []) * elementCount((inputs[1] ?? []).slice(1)),
  weightMatrices: (op, inputs) => {
    const shape = inputs[1] ?? [];
    const rows = shape[0] ?? 0;
    const matrix = { input: 1, rows, columns: elementCount(shape.slice(1)) };
    return op.groups === 1 ? [matrix] : [{ ...matrix, unprunable: `${op.groups} groups` }];
  },
};
