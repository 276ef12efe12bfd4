import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  type SparseTensorProto,
  type TensorProto,
  type ValueInfoProto,
  GraphProtoSchema,
  ValueInfoProtoSchema,
} from '../../src/gen/onnx_pb.ts';

export { AttributeType, DataType };

const encoder = new TextEncoder();

type AttributeFields = Omit<Exclude<MessageInitShape<typeof AttributeProtoSchema>, AttributeProto>, 'name'>;

/** An attribute that waits for its name. */
export type AttributeValue = (name: string) => AttributeProto;

function attributeValue(fields: AttributeFields): AttributeValue {
  return (name) => create(AttributeProtoSchema, { ...fields, name });
}

export function int(value: number | bigint): AttributeValue {
  return attributeValue({ type: AttributeType.INT, i: BigInt(value) });
}

export function ints(values: readonly (number | bigint)[]): AttributeValue {
  return attributeValue({ type: AttributeType.INTS, ints: values.map(BigInt) });
}

export function float(value: number): AttributeValue {
  return attributeValue({ type: AttributeType.FLOAT, f: value });
}

export function floats(values: readonly number[]): AttributeValue {
  return attributeValue({ type: AttributeType.FLOATS, floats: [...values] });
}

export function string(value: string): AttributeValue {
  return attributeValue({ type: AttributeType.STRING, s: encoder.encode(value) });
}

export function strings(values: readonly string[]): AttributeValue {
  return attributeValue({
    type: AttributeType.STRINGS,
    strings: values.map((value) => encoder.encode(value)),
  });
}

export function tensorValue(value: TensorProto): AttributeValue {
  return attributeValue({ type: AttributeType.TENSOR, t: value });
}

export function sparseValue(value: SparseTensorProto): AttributeValue {
  return attributeValue({ type: AttributeType.SPARSE_TENSOR, sparseTensor: value });
}

export function graphValue(value: GraphProto): AttributeValue {
  return attributeValue({ type: AttributeType.GRAPH, g: value });
}

/** A float tensor with raw data. */
export function floatTensor(name: string, shape: readonly number[], values: ArrayLike<number>): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType: DataType.FLOAT,
    rawData: new Uint8Array(Float32Array.from(values).buffer),
  });
}

/** An int64 tensor with raw data; of one dimension unless a shape is given. */
export function intTensor(
  name: string,
  values: readonly (number | bigint)[],
  shape: readonly number[] = [values.length],
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType: DataType.INT64,
    rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  });
}

/** A tensor of any type from the fields given. */
export function anyTensor(fields: MessageInitShape<typeof TensorProtoSchema>): TensorProto {
  return create(TensorProtoSchema, fields);
}

export interface NodeOptions {
  readonly name?: string;
  readonly domain?: string;
}

export function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  { name = '', domain = '' }: NodeOptions = {},
): NodeProto {
  return create(NodeProtoSchema, {
    opType,
    input: [...input],
    output: [...output],
    name,
    domain,
    attribute: Object.entries(attributes).map(([key, value]) => value(key)),
  });
}

/** Extents; a string is a named dimension, `null` one that is not known. */
export type Dimensions = readonly (number | string | null)[];

export function valueInfo(
  name: string,
  dims: Dimensions | undefined,
  type: number = DataType.FLOAT,
): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: type,
          ...(dims && {
            shape: {
              dim: dims.map((extent) => {
                if (extent === null) return {};
                return typeof extent === 'string'
                  ? { value: { case: 'dimParam', value: extent } as const }
                  : { value: { case: 'dimValue', value: BigInt(extent) } as const };
              }),
            },
          }),
        },
      },
    },
  });
}

export interface ModelParts {
  readonly nodes: readonly NodeProto[];
  readonly inputs?: Readonly<Record<string, Dimensions | ValueInfoProto>>;
  readonly outputs: readonly string[];
  readonly initializers?: readonly TensorProto[];
  readonly sparseInitializers?: readonly SparseTensorProto[];
  readonly opset?: number;
  readonly irVersion?: number;
  /** Other operator sets by domain. */
  readonly domains?: Readonly<Record<string, number>>;
}

export function makeGraph(parts: Omit<ModelParts, 'opset' | 'irVersion' | 'domains'>): GraphProto {
  return create(GraphProtoSchema, {
    name: 'graph',
    node: [...parts.nodes],
    input: Object.entries(parts.inputs ?? {}).map(([name, given]) =>
      '$typeName' in given ? given : valueInfo(name, given),
    ),
    output: parts.outputs.map((name) => valueInfo(name, undefined)),
    initializer: [...(parts.initializers ?? [])],
    sparseInitializer: [...(parts.sparseInitializers ?? [])],
  });
}

/** The bytes of a small model, opset 17 unless told otherwise. */
export function makeModel(parts: ModelParts): Uint8Array<ArrayBuffer> {
  const { opset = 17, irVersion = 8, domains = {} } = parts;
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(irVersion),
      producerName: 'test',
      opsetImport: [
        { domain: '', version: BigInt(opset) },
        ...Object.entries(domains).map(([domain, version]) => ({ domain, version: BigInt(version) })),
      ],
      graph: makeGraph(parts),
    }),
  );
}
