import type { Graph, Node } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import type { ConvOperator } from '../operators/conv.ts';
import { valueAt } from '../operators/elements.ts';
import { elementCount, type Tensor } from '../tensor.ts';
import { freshNames } from './fresh-names.ts';

/** Taps `first` to `last` of one dimension, and the padding that goes with them. */
interface TapRange {
  readonly first: number;
  readonly last: number;
  readonly padBegin: number;
  readonly padEnd: number;
}

/** The taps of one dimension that ever meet the input, or `undefined` when all do or the others cannot be cut off. */
function liveTaps(
  op: ConvOperator,
  axis: number,
  input: number,
  kernel: number,
  output: number,
): TapRange | undefined {
  const stride = valueAt(op.strides, axis);
  const dilation = valueAt(op.dilations, axis);
  const pad = valueAt(op.padsBegin, axis);
  const meetsInput = (tap: number): boolean => {
    for (let position = 0; position < output; position++) {
      const index = position * stride - pad + tap * dilation;
      if (index >= 0 && index < input) return true;
    }
    return false;
  };
  const taps = Array.from({ length: kernel }, (_, tap) => tap);
  const first = taps.find(meetsInput);
  const last = taps.findLast(meetsInput);
  if (first === undefined || last === undefined || (first === 0 && last === kernel - 1)) return undefined;
  const padBegin = pad - first * dilation;
  const span = (last - first) * dilation + 1;
  const padEnd = Math.max(0, (output - 1) * stride + span - input - padBegin);
  const positions = Math.floor((input + padBegin + padEnd - span) / stride) + 1;
  return padBegin >= 0 && positions === output ? { first, last, padBegin, padEnd } : undefined;
}

/** The weights `[M, C, …kernel]` without the taps outside the ranges. */
function sliceTaps(weights: Tensor, ranges: readonly TapRange[]): Tensor {
  const kernel = weights.shape.slice(2);
  const extents = ranges.map(({ first, last }) => last - first + 1);
  const filters = elementCount(weights.shape.slice(0, 2));
  const taps = elementCount(extents);
  const data = new Float32Array(filters * taps);
  for (let tap = 0; tap < taps; tap++) {
    let rest = tap;
    let source = 0;
    let scale = 1;
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      const extent = valueAt(extents, axis);
      source += ((rest % extent) + (ranges[axis]?.first ?? 0)) * scale;
      rest = Math.floor(rest / extent);
      scale *= valueAt(kernel, axis);
    }
    for (let filter = 0; filter < filters; filter++) {
      data[filter * taps + tap] = valueAt(weights.data, filter * elementCount(kernel) + source);
    }
  }
  return { shape: [...weights.shape.slice(0, 2), ...extents], data };
}

/**
 * Cuts off the kernel taps of convolutions that only ever meet padding.
 *
 * Streaming models run a network that was trained on long sequences on a handful of samples: a kernel of 3 with padding
 * on a sequence of length 1 multiplies two thirds of its weights by zeros. Shapes are static here, so those weights can go.
 * Layers that are already pruned keep their shape, since their blocks refer to it.
 */
export function trimPaddedTaps(graph: Graph): Graph {
  const shapes = inferShapes(graph);
  const fresh = freshNames(graph);
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.map((node): Node => {
    const { op } = node;
    const [x, weightsName] = node.inputs;
    const weights = graph.constants.get(weightsName ?? '');
    const inputShape = shapes.get(x ?? '');
    const outputShape = shapes.get(node.outputs[0] ?? '');
    if (op.kind !== 'conv' || node.weights || !weights || !inputShape || !outputShape) return node;
    const ranges = op.strides.map((_, axis): TapRange => {
      const kernel = valueAt(weights.shape, axis + 2);
      const input = valueAt(inputShape, axis + 2);
      const whole = {
        first: 0,
        last: kernel - 1,
        padBegin: valueAt(op.padsBegin, axis),
        padEnd: valueAt(op.padsEnd, axis),
      };
      return liveTaps(op, axis, input, kernel, valueAt(outputShape, axis + 2)) ?? whole;
    });
    const trimmed = sliceTaps(weights, ranges);
    if (trimmed.data.length === weights.data.length) return node;
    const name = fresh(`${weightsName ?? ''}.trimmed`);
    constants.set(name, trimmed);
    return {
      ...node,
      op: {
        ...op,
        padsBegin: ranges.map(({ padBegin }) => padBegin),
        padsEnd: ranges.map(({ padEnd }) => padEnd),
      },
      inputs: [x ?? null, name, ...node.inputs.slice(2)],
    };
  });
  return { ...graph, nodes, constants };
}
