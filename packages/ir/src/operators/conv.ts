import { GrimError } from '../errors.ts';
import { elementCount, formatShape, zeros, type Shape, type Tensor } from '../tensor.ts';
import { evaluateActivation, type Activation } from './activation.ts';
import { valueAt } from './elements.ts';
import { requireIntegers, requireOperand, requireShape } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';
import { weightMatrix } from './weight-matrix.ts';

/**
 * Convolution over one or two spatial dimensions, in channels-first layout.
 *
 * Operands: `x [N,C,...S]`, `weights [M,C/groups,...K]`, `bias [M]?`. Result: `y [N,M,...O]`.
 */
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
  /** Why the weights must stay as they are (they are no result of training); absent when they may be pruned. */
  readonly fixed?: string;
}

function requireAttributes(op: ConvOperator): void {
  const rank = op.strides.length;
  if (rank !== 1 && rank !== 2)
    throw new GrimError(`conv over ${rank} dimensions is not supported, only 1 or 2`);
  requireIntegers(op.strides, rank, 1, 'strides');
  requireIntegers(op.padsBegin, rank, 0, 'padsBegin');
  requireIntegers(op.padsEnd, rank, 0, 'padsEnd');
  requireIntegers(op.dilations, rank, 1, 'dilations');
  requireIntegers([op.groups], 1, 1, 'groups');
}

function outputExtent(op: ConvOperator, axis: number, input: number, kernel: number): number {
  const span = valueAt(op.dilations, axis) * (kernel - 1) + 1;
  const padded = input + valueAt(op.padsBegin, axis) + valueAt(op.padsEnd, axis);
  return Math.floor((padded - span) / valueAt(op.strides, axis)) + 1;
}

function inferShapes(op: ConvOperator, inputs: readonly (Shape | null)[]): Shape[] {
  requireAttributes(op);
  const x = requireOperand(inputs, 0, 'x');
  const weights = requireOperand(inputs, 1, 'weights');
  const rank = op.strides.length;
  if (x.length !== rank + 2 || weights.length !== rank + 2) {
    throw new GrimError(
      `conv over ${rank} dimension(s) needs input and weights of rank ${rank + 2}, ` +
        `got ${formatShape(x)} and ${formatShape(weights)}`,
    );
  }
  const [batch = 0, channels = 0, ...spatial] = x;
  const [filters = 0, channelsPerGroup = 0, ...kernel] = weights;
  if (channels !== channelsPerGroup * op.groups || filters % op.groups !== 0) {
    throw new GrimError(
      `conv with ${op.groups} group(s) cannot apply weights ${formatShape(weights)} to input ${formatShape(x)}`,
    );
  }
  requireShape(inputs[2], [filters], 'bias');
  const output = spatial.map((extent, axis) => outputExtent(op, axis, extent, valueAt(kernel, axis)));
  if (output.some((extent) => extent < 1)) {
    throw new GrimError(`conv kernel ${formatShape(kernel)} does not fit the padded input ${formatShape(x)}`);
  }
  return [[batch, filters, ...output]];
}

/** One-dimensional convolution is the two-dimensional one with a height of 1. */
function asPlane(values: readonly number[], height: number): [number, number] {
  return values.length === 1 ? [height, valueAt(values, 0)] : [valueAt(values, 0), valueAt(values, 1)];
}

function reference(op: ConvOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const weights = requireOperand(inputs, 1, 'weights');
  const bias = inputs[2];
  const [shape = []] = inferShapes(
    op,
    inputs.map((tensor) => tensor?.shape ?? null),
  );
  const output = zeros(shape);
  const [inHeight, inWidth] = asPlane(x.shape.slice(2), 1);
  const [outHeight, outWidth] = asPlane(shape.slice(2), 1);
  const [kernelHeight, kernelWidth] = asPlane(weights.shape.slice(2), 1);
  const [strideY, strideX] = asPlane(op.strides, 1);
  const [padY, padX] = asPlane(op.padsBegin, 0);
  const [dilationY, dilationX] = asPlane(op.dilations, 1);
  const [batch = 0, filters = 0] = shape;
  const channels = valueAt(x.shape, 1);
  const groupChannels = valueAt(weights.shape, 1);
  const groupFilters = filters / op.groups;
  for (let n = 0; n < batch; n++) {
    for (let filter = 0; filter < filters; filter++) {
      const firstChannel = Math.floor(filter / groupFilters) * groupChannels;
      for (let oy = 0; oy < outHeight; oy++) {
        for (let ox = 0; ox < outWidth; ox++) {
          let sum = bias ? valueAt(bias.data, filter) : 0;
          for (let c = 0; c < groupChannels; c++) {
            for (let ky = 0; ky < kernelHeight; ky++) {
              const iy = oy * strideY - padY + ky * dilationY;
              if (iy < 0 || iy >= inHeight) continue;
              for (let kx = 0; kx < kernelWidth; kx++) {
                const ix = ox * strideX - padX + kx * dilationX;
                if (ix < 0 || ix >= inWidth) continue;
                const channel = n * channels + firstChannel + c;
                sum +=
                  valueAt(x.data, (channel * inHeight + iy) * inWidth + ix) *
                  valueAt(
                    weights.data,
                    ((filter * groupChannels + c) * kernelHeight + ky) * kernelWidth + kx,
                  );
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
    elementCount(requireOperand(outputs, 0, 'y')) *
    elementCount(requireOperand(inputs, 1, 'weights').slice(1)),
  weightMatrices: (op, inputs) => [
    weightMatrix(
      1,
      requireOperand(inputs, 1, 'weights'),
      op.fixed ?? (op.groups === 1 ? undefined : `${op.groups} groups`),
    ),
  ],
};
