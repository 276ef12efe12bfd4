import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  TensorProto_DataLocation,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type TensorProto,
} from '../../src/gen/onnx_pb.ts';
import { operatorImporters } from '../../src/operators/registry.ts';
import type { Random } from './random.ts';

/** Where a file can be changed without only changing the value of a weight. */
export function structureOf(bytes: Uint8Array): readonly number[] {
  const weights = new Uint8Array(bytes.length);
  for (const { rawData } of tensorsOf(fromBinary(ModelProtoSchema, bytes).graph)) {
    // The decoder gives parts of the file, not copies, so their place is known.
    if (rawData.length > 32) {
      const start = rawData.byteOffset - bytes.byteOffset;
      weights.fill(1, start, start + rawData.length);
    }
  }
  return Array.from(bytes.keys()).filter((position) => weights[position] === 0);
}

const extremes = [0x00, 0x01, 0x7f, 0x80, 0xff];

/** Changes a few bytes, or removes, repeats, moves or cuts off some; `positions` are those it starts at. */
export function mutateBytes(bytes: Uint8Array, positions: readonly number[], random: Random): Uint8Array {
  let result = Uint8Array.from(bytes);
  for (let change = 0; change <= random.below(3); change++) {
    const at = Math.min(random.pick(positions), result.length - 1);
    const length = 1 + random.below(16);
    switch (random.below(8)) {
      case 0:
      case 1:
        result[at] = random.below(256);
        break;
      case 2:
      case 3:
        result[at] = random.pick(extremes);
        break;
      case 4:
        result[at] = (result[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 5:
        result = joined(result.subarray(0, at), result.subarray(at + length));
        break;
      case 6:
        result = joined(result.subarray(0, at + length), result.subarray(at));
        break;
      default:
        result =
          random.below(4) === 0
            ? result.slice(0, at)
            : joined(
                result.subarray(0, at),
                new Uint8Array(length).fill(random.pick(extremes)),
                result.subarray(at + length),
              );
    }
    if (result.length === 0) break;
  }
  return result;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

const integers = [
  0n,
  1n,
  -1n,
  2n,
  3n,
  -3n,
  7n,
  64n,
  2n ** 20n,
  2n ** 31n,
  2n ** 53n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const reals = [0, -0, 1, -1, 0.5, 1e30, -1e-30, Infinity, -Infinity, NaN];
const operators = [...operatorImporters.keys(), 'If', 'Loop', 'Hardmax', ''];

/** Changes what a model says and leaves it well formed, so that the change gets past the decoder. */
export function mutateModel(bytes: Uint8Array, random: Random): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  for (let change = 0; change <= random.below(3); change++) mutateOnce(model, random);
  return toBinary(ModelProtoSchema, model);
}

function mutateOnce(model: ModelProto, random: Random): void {
  const graphs = graphsOf(model.graph);
  const graph = graphs.length > 0 ? random.pick(graphs) : undefined;
  const nodes = graphs.flatMap(({ node }) => node);
  const attributes = nodes.flatMap(({ attribute }) => attribute);
  const tensors = tensorsOf(model.graph);
  switch (random.below(12)) {
    case 0:
      if (nodes.length > 0) random.pick(nodes).opType = random.pick(operators);
      break;
    case 1:
    case 2: {
      if (nodes.length === 0) break;
      const node = random.pick(nodes);
      const names = graphs.flatMap((each) => each.node.flatMap(({ output }) => output));
      const name = random.pick(['', 'x', 'nowhere', ...names]);
      if (random.below(3) === 0) node.input.push(name);
      else if (node.input.length > 0) node.input[random.below(node.input.length)] = name;
      break;
    }
    case 3:
      if (graph && graph.node.length > 1) {
        const moved = graph.node.splice(random.below(graph.node.length), 1);
        if (random.below(2) === 0) graph.node.splice(random.below(graph.node.length), 0, ...moved);
      }
      break;
    case 4:
    case 5:
    case 6:
      if (attributes.length > 0) mutateAttribute(random.pick(attributes), random);
      break;
    case 7:
    case 8:
      if (tensors.length > 0) mutateTensor(random.pick(tensors), random);
      break;
    case 9: {
      const version = random.pick(model.opsetImport);
      version.version = BigInt(5 + random.below(20));
      break;
    }
    case 10: {
      const dims = (graph?.input ?? []).flatMap(({ type }) =>
        type?.value.case === 'tensorType' ? (type.value.value.shape?.dim ?? []) : [],
      );
      if (dims.length > 0) random.pick(dims).value = { case: 'dimValue', value: random.pick(integers) };
      break;
    }
    default: {
      if (nodes.length === 0) break;
      const node = random.pick(nodes);
      if (random.below(2) === 0) node.output.push(random.pick(['', 'extra', 'y']));
      else node.output.pop();
    }
  }
}

function mutateAttribute(attribute: AttributeProto, random: Random): void {
  switch (random.below(6)) {
    case 0:
      attribute.type = random.pick(Object.values(AttributeType));
      break;
    case 1:
      attribute.i = random.pick(integers);
      break;
    case 2:
      attribute.f = random.pick(reals);
      break;
    case 3:
      attribute.s = Uint8Array.from({ length: random.below(8) }, () => random.below(256));
      break;
    case 4:
      if (random.below(3) === 0) attribute.ints.push(random.pick(integers));
      else if (attribute.ints.length > 0)
        attribute.ints[random.below(attribute.ints.length)] = random.pick(integers);
      break;
    default:
      attribute.name = random.pick(['axis', 'axes', 'to', 'value', 'perm', 'unknown']);
  }
}

function mutateTensor(tensor: TensorProto, random: Random): void {
  switch (random.below(5)) {
    case 0:
      tensor.dataType = random.below(25);
      break;
    case 1:
      if (tensor.dims.length > 0) tensor.dims[random.below(tensor.dims.length)] = random.pick(integers);
      break;
    case 2:
      tensor.dims.push(random.pick(integers));
      break;
    case 3: {
      // Sizes, starts and axes, whose values decide how much is computed.
      if (tensor.rawData.length % 8 !== 0 || tensor.rawData.length === 0) break;
      const raw = Uint8Array.from(tensor.rawData);
      new DataView(raw.buffer).setBigInt64(8 * random.below(raw.length / 8), random.pick(integers), true);
      tensor.rawData = raw;
      break;
    }
    default:
      tensor.dataLocation = random.pick(Object.values(TensorProto_DataLocation));
      tensor.externalData = [
        { $typeName: 'onnx.StringStringEntryProto', key: 'location', value: 'weights.bin' },
      ];
  }
}

/** A graph and those in its attributes. */
function graphsOf(graph: GraphProto | undefined): GraphProto[] {
  if (!graph) return [];
  return [graph, ...graph.node.flatMap(({ attribute }) => attribute.flatMap(({ g }) => graphsOf(g)))];
}

function tensorsOf(graph: GraphProto | undefined): TensorProto[] {
  return graphsOf(graph).flatMap(({ initializer, node }) => [
    ...initializer,
    ...node.flatMap(({ attribute }) => attribute.flatMap(({ t }) => (t ? [t] : []))),
  ]);
}
