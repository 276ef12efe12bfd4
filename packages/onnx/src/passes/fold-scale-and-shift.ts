import { inferShapes, type BinaryFunction, type Graph, type Node, type Shape, type Tensor } from '@grim/ir';
import type { FoldingBudget } from '../folding/folding-budget.ts';
import { UniqueNames } from '../unique-names.ts';

/** What happens to the result of a layer per channel: `y · scale + shift`. */
interface ChannelStep {
  readonly scale?: Float64Array;
  readonly shift?: Float64Array;
}

/** A layer in the graph that is being written, and what is to be done to its result. */
interface OpenLayer {
  readonly position: number;
  readonly channels: number;
  /** Axis of the result along which the channels lie. */
  readonly axis: number;
  readonly step: ChannelStep;
}

/** The step that `function(layer, constant)` makes. */
const steps: Partial<Record<BinaryFunction, (constant: Float64Array) => ChannelStep>> = {
  add: (constant) => ({ shift: constant }),
  sub: (constant) => ({ shift: constant.map((value) => -value) }),
  mul: (constant) => ({ scale: constant }),
  div: (constant) => ({ scale: constant.map((value) => 1 / value) }),
};

const commutative = new Set<BinaryFunction>(['add', 'mul']);

/** One step after another as one. */
function compose(first: ChannelStep, second: ChannelStep): ChannelStep {
  const { scale } = second;
  const product = (values: Float64Array | undefined): Float64Array | undefined =>
    values && scale ? values.map((value, channel) => value * (scale[channel] ?? 1)) : values;
  const scaled = product(first.scale) ?? scale;
  const kept = product(first.shift);
  const shifted = kept ? kept.map((value, channel) => value + (second.shift?.[channel] ?? 0)) : second.shift;
  return { ...(scaled && { scale: scaled }), ...(shifted && { shift: shifted }) };
}

/** The constant as one number per channel, when it is the same everywhere else and does not widen the result. */
function perChannel(
  constant: Tensor,
  output: Shape,
  { axis, channels }: OpenLayer,
): Float64Array | undefined {
  const lead = output.length - constant.shape.length;
  if (lead < 0) return undefined;
  const along = constant.shape[axis - lead] ?? 1;
  const flat = constant.shape.every((extent, own) => extent === 1 || own + lead === axis);
  if (!flat || (along !== 1 && along !== channels)) return undefined;
  return Float64Array.from(
    { length: channels },
    (_, channel) => constant.data[along === 1 ? 0 : channel] ?? 0,
  );
}

/**
 * Moves factors and offsets per channel (batch normalisation, a bias added after a product) into the weights and bias of
 * the convolution or linear layer in front of them, when nothing else reads that layer's result.
 *
 * @param budget - accounts for the numbers that are computed
 * @throws `GrimError` when the shapes of the graph do not fit, or the budget is used up.
 */
export function foldScaleAndShift(graph: Graph, budget: FoldingBudget): Graph {
  const shapes = inferShapes(graph);
  const readers = countReaders(graph);
  const nodes: Node[] = [];
  /** Layers that could take in what follows, by the value they produce. */
  const open = new Map<string, OpenLayer>();
  const changed = new Map<number, OpenLayer>();
  for (const node of graph.nodes) {
    const found = node.inputs.map((value) => open.get(value ?? '')).find((layer) => layer !== undefined);
    const layer = nodes[found?.position ?? -1];
    const step = found && layer && stepOf(node, layer, found, graph, shapes);
    let grown: OpenLayer | undefined;
    if (step) {
      budget.allocate([found.channels]);
      grown = { ...found, step: compose(found.step, step) };
      nodes[found.position] = { ...layer, outputs: node.outputs };
      changed.set(found.position, grown);
    } else {
      nodes.push(node);
      grown = openLayer(node, nodes.length - 1, graph, shapes);
    }
    const [result = ''] = node.outputs;
    if (grown && readers.get(result) === 1) open.set(result, grown);
  }
  const constants = new Map(graph.constants);
  const names = new UniqueNames(shapes.keys());
  for (const [position, { step, channels }] of changed) {
    const layer = nodes[position];
    if (!layer) continue;
    const add = (label: string, tensor: Tensor): string => {
      const name = names.take(`${layer.name}/${label}`);
      constants.set(name, tensor);
      return name;
    };
    const [x = null, weightName = null, biasName = null] = layer.inputs;
    const weights = graph.constants.get(weightName ?? '');
    const bias = graph.constants.get(biasName ?? '');
    const { scale, shift } = step;
    const changesBias = shift ?? (bias && scale);
    nodes[position] = {
      ...layer,
      inputs: [
        x,
        weights && scale ? add('weights', scaleRows(weights, scale, budget)) : weightName,
        changesBias ? add('bias', { shape: [channels], data: changeBias(bias, step, channels) }) : biasName,
      ],
    };
  }
  return { ...graph, nodes, constants };
}

function countReaders(graph: Graph): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const count = (value: string | null): void => {
    if (value !== null) readers.set(value, (readers.get(value) ?? 0) + 1);
  };
  for (const { value } of graph.outputs) count(value);
  for (const { output } of graph.states) count(output);
  for (const { inputs } of graph.nodes) for (const value of inputs) count(value);
  return readers;
}

/** A layer that has taken in nothing yet; `undefined` when the node is none that could. */
function openLayer(
  node: Node,
  position: number,
  graph: Graph,
  shapes: ReadonlyMap<string, Shape>,
): OpenLayer | undefined {
  if ((node.op.kind !== 'conv' && node.op.kind !== 'linear') || node.op.activation) return undefined;
  const [, weights, bias] = node.inputs;
  const constant = graph.constants.has(weights ?? '') && (!bias || graph.constants.has(bias));
  const output = shapes.get(node.outputs[0] ?? '') ?? [];
  const axis = node.op.kind === 'conv' ? 1 : output.length - 1;
  return constant ? { position, channels: output[axis] ?? 1, axis, step: {} } : undefined;
}

/** The step a node makes on the result of a layer, if it makes one. */
function stepOf(
  node: Node,
  layer: Node,
  open: OpenLayer,
  graph: Graph,
  shapes: ReadonlyMap<string, Shape>,
): ChannelStep | undefined {
  if (node.op.kind !== 'binary' || node.op.activation) return undefined;
  const make = steps[node.op.function];
  const [a, b] = node.inputs;
  const [result = ''] = layer.outputs;
  const swapped = b === result;
  if (!make || (swapped && !commutative.has(node.op.function))) return undefined;
  const constant = graph.constants.get((swapped ? a : b) ?? '');
  const values = constant && perChannel(constant, shapes.get(result) ?? [], open);
  return values && make(values);
}

function scaleRows(weights: Tensor, scale: Float64Array, budget: FoldingBudget): Tensor {
  const row = budget.allocate(weights.shape) / scale.length;
  return {
    shape: weights.shape,
    data: weights.data.map((value, index) => value * (scale[Math.floor(index / row)] ?? 1)),
  };
}

function changeBias(bias: Tensor | undefined, { scale, shift }: ChannelStep, channels: number): Float32Array {
  return Float32Array.from(
    { length: channels },
    (_, channel) => (bias?.data[channel] ?? 0) * (scale?.[channel] ?? 1) + (shift?.[channel] ?? 0),
  );
}
