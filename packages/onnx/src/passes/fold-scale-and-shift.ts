import { inferShapes, type BinaryFunction, type Graph, type Node, type Shape, type Tensor } from '@grim/ir';

/** A per-channel step `y · scale + shift` after a layer; one number per channel, or one for all. */
interface ChannelStep {
  readonly scale?: Float64Array;
  readonly shift?: Float64Array;
}

/** A step is worth folding for these functions of `(layer, constant)`. */
const steps: Partial<Record<BinaryFunction, (constant: Float64Array) => ChannelStep>> = {
  add: (constant) => ({ shift: constant }),
  sub: (constant) => ({ shift: constant.map((value) => -value) }),
  mul: (constant) => ({ scale: constant }),
  div: (constant) => ({ scale: constant.map((value) => 1 / value) }),
};

const commutative = new Set<BinaryFunction>(['add', 'mul']);

/** The constant as one number per channel, when it is the same everywhere else and does not widen the result. */
function perChannel(constant: Tensor, output: Shape, channelAxis: number): Float64Array | undefined {
  const lead = output.length - constant.shape.length;
  if (lead < 0) return undefined;
  const along = constant.shape[channelAxis - lead] ?? 1;
  const channels = output[channelAxis] ?? 1;
  const flat = constant.shape.every((extent, axis) => extent === 1 || axis + lead === channelAxis);
  if (!flat || (along !== 1 && along !== channels)) return undefined;
  return Float64Array.from(
    { length: channels },
    (_, channel) => constant.data[along === 1 ? 0 : channel] ?? 0,
  );
}

/** The step a node makes on the result of a layer, if it is one. */
function stepOf(
  node: Node,
  layer: Node,
  graph: Graph,
  shapes: ReadonlyMap<string, Shape>,
): ChannelStep | undefined {
  if (node.op.kind !== 'binary') return undefined;
  const make = steps[node.op.function];
  const [a, b] = node.inputs;
  const [result = ''] = layer.outputs;
  const swapped = b === result && a !== result;
  if (!make || (swapped && !commutative.has(node.op.function))) return undefined;
  const constant = graph.constants.get((swapped ? a : b) ?? '');
  const output = shapes.get(result) ?? [];
  const values = constant && perChannel(constant, output, layer.op.kind === 'conv' ? 1 : output.length - 1);
  return values && make(values);
}

/** The constants of a layer with the step inside it; weights are unchanged unless the step scales. */
function foldedConstants(
  layer: Node,
  step: ChannelStep,
  graph: Graph,
  channels: number,
): { readonly weights?: Tensor; readonly bias?: Tensor } | undefined {
  const weights = graph.constants.get(layer.inputs[1] ?? '');
  const biasName = layer.inputs[2] ?? undefined;
  const bias = biasName === undefined ? undefined : graph.constants.get(biasName);
  if (!weights || (biasName !== undefined && !bias)) return undefined;
  const scaleOf = (channel: number): number => step.scale?.[channel] ?? 1;
  const row = weights.data.length / channels;
  return {
    ...(step.scale && {
      weights: {
        shape: weights.shape,
        data: weights.data.map((value, index) => value * scaleOf(Math.floor(index / row))),
      },
    }),
    ...((bias ?? step.shift) && {
      bias: {
        shape: [channels],
        data: Float32Array.from(
          { length: channels },
          (_, channel) => (bias?.data[channel] ?? 0) * scaleOf(channel) + (step.shift?.[channel] ?? 0),
        ),
      },
    }),
  };
}

/**
 * Moves factors and offsets per channel (batch normalisation, a bias added after a product) into the weights and bias of
 * the convolution or linear layer in front of them, when nothing else reads that layer's result.
 *
 * @throws `GrimError` when the shapes of the graph do not fit.
 */
export function foldScaleAndShift(graph: Graph): Graph {
  const shapes = inferShapes(graph);
  const constants = new Map(graph.constants);
  const taken = new Set(shapes.keys());
  const add = (wanted: string, tensor: Tensor): string => {
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`;
    taken.add(name);
    constants.set(name, tensor);
    return name;
  };
  const readers = new Map<string, number>();
  const shown = [...graph.outputs.map(({ value }) => value), ...graph.states.map(({ output }) => output)];
  for (const value of [...shown, ...graph.nodes.flatMap(({ inputs }) => inputs)]) {
    if (value !== null) readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  const nodes: Node[] = [];
  /** Positions in `nodes` of layers that could take in what follows, by the value they produce. */
  const layers = new Map<string, number>();
  for (const node of graph.nodes) {
    const position = node.inputs.map((value) => layers.get(value ?? '')).find((found) => found !== undefined);
    const layer = position === undefined ? undefined : nodes[position];
    const step = layer && stepOf(node, layer, { ...graph, constants }, shapes);
    const folded =
      step && foldedConstants(layer, step, { ...graph, constants }, (step.scale ?? step.shift ?? []).length);
    if (layer && position !== undefined && folded) {
      const weights = folded.weights
        ? add(`${layer.name}/weights`, folded.weights)
        : (layer.inputs[1] ?? null);
      const bias = folded.bias ? add(`${layer.name}/bias`, folded.bias) : null;
      nodes[position] = { ...layer, inputs: [layer.inputs[0] ?? null, weights, bias], outputs: node.outputs };
      layers.set(node.outputs[0] ?? '', position);
    } else {
      nodes.push(node);
      const isLayer = (node.op.kind === 'conv' || node.op.kind === 'linear') && !node.op.activation;
      if (isLayer) layers.set(node.outputs[0] ?? '', nodes.length - 1);
    }
    for (const value of node.outputs) if (readers.get(value) !== 1) layers.delete(value);
  }
  return { ...graph, nodes, constants };
}
