import type { Layer } from './layer.ts';
import { bytesField, joined, numberField, type Fields } from './onnx-fields.ts';

/** Field numbers of `onnx.proto3`, the public schema, by message. */
const model = { irVersion: 1, graph: 7, opsetImport: 8 } as const;
const opset = { domain: 1, version: 2 } as const;
const graph = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const node = { input: 1, output: 2, opType: 4, attribute: 5 } as const;
const attribute = { name: 1, i: 3, ints: 8, type: 20 } as const;
const tensor = { dims: 1, dataType: 2, name: 8, rawData: 9 } as const;
const valueInfo = { name: 1, type: 2 } as const;
const typeProto = { tensorType: 1 } as const;
const tensorType = { elemType: 1, shape: 2 } as const;
const shapeProto = { dim: 1 } as const;
const dimension = { dimValue: 1 } as const;

const FLOAT = 1;
const attributeTypes = { int: 2, ints: 7 } as const;

const OPSET_VERSION = 17;
const IR_VERSION = 8;

interface OnnxNode {
  readonly opType: string;
  /** Operands by name; '' where an optional one is absent. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number | readonly number[]>>;
}

/** The node of a layer; results are named `y` as in its graph. */
function nodeOf({ shape }: Layer): OnnxNode {
  switch (shape.kind) {
    case 'conv': {
      const pad = Math.floor(shape.kernel / 2);
      return {
        opType: 'Conv',
        inputs: ['x', 'w1'],
        outputs: ['y'],
        attributes: {
          strides: [shape.stride, shape.stride],
          pads: [pad, pad, pad, pad],
          group: shape.groups ?? 1,
        },
      };
    }
    case 'linear':
      return { opType: 'Gemm', inputs: ['x', 'w1'], outputs: ['y'], attributes: { transB: 1 } };
    case 'gru':
      return {
        opType: 'GRU',
        inputs: ['x', 'w1', 'w2', '', '', 'h0'],
        outputs: ['', 'y'],
        attributes: { hidden_size: shape.hidden, linear_before_reset: 1 },
      };
  }
}

const isGru = (layer: Layer): boolean => layer.shape.kind === 'gru';

/** Weights and states of a GRU have a leading dimension of its directions in ONNX. */
function onnxShape(layer: Layer, name: string, shape: readonly number[]): readonly number[] {
  return isGru(layer) && name !== 'x' ? [1, ...shape] : shape;
}

function encodeAttribute(name: string, value: number | readonly number[]): Fields {
  return joined([
    bytesField(attribute.name, name),
    ...(typeof value === 'number'
      ? [numberField(attribute.i, value), numberField(attribute.type, attributeTypes.int)]
      : [
          ...value.map((entry) => numberField(attribute.ints, entry)),
          numberField(attribute.type, attributeTypes.ints),
        ]),
  ]);
}

function encodeNode({ opType, inputs, outputs, attributes }: OnnxNode): Fields {
  return joined([
    ...inputs.map((name) => bytesField(node.input, name)),
    ...outputs.map((name) => bytesField(node.output, name)),
    bytesField(node.opType, opType),
    ...Object.entries(attributes).map(([name, value]) =>
      bytesField(node.attribute, encodeAttribute(name, value)),
    ),
  ]);
}

function encodeTensor(name: string, shape: readonly number[], values: Float32Array): Fields {
  return joined([
    ...shape.map((extent) => numberField(tensor.dims, extent)),
    numberField(tensor.dataType, FLOAT),
    bytesField(tensor.name, name),
    bytesField(tensor.rawData, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ]);
}

function encodeValueInfo(name: string, shape: readonly number[] | undefined): Fields {
  const extents = shape?.map((extent) => bytesField(shapeProto.dim, numberField(dimension.dimValue, extent)));
  const type = joined([
    numberField(tensorType.elemType, FLOAT),
    ...(extents ? [bytesField(tensorType.shape, joined(extents))] : []),
  ]);
  return joined([
    bytesField(valueInfo.name, name),
    bytesField(valueInfo.type, bytesField(typeProto.tensorType, type)),
  ]);
}

/** Shapes of the inputs of the layer's ONNX model, by name. */
export function onnxInputs(layer: Layer): Layer['inputs'] {
  return layer.inputs.map((input) => ({ ...input, shape: onnxShape(layer, input.name, input.shape) }));
}

/** The layer, not pruned, as an ONNX model of one node. */
export function layerOnnx(layer: Layer): Uint8Array<ArrayBuffer> {
  const content = joined([
    bytesField(graph.node, encodeNode(nodeOf(layer))),
    bytesField(graph.name, layer.shape.name),
    ...layer.weights.map(({ input, tensorShape, matrix }) => {
      const name = `w${input}`;
      return bytesField(
        graph.initializer,
        encodeTensor(name, onnxShape(layer, name, tensorShape), matrix.values),
      );
    }),
    ...onnxInputs(layer).map(({ name, shape }) => bytesField(graph.input, encodeValueInfo(name, shape))),
    bytesField(graph.output, encodeValueInfo('y', undefined)),
  ]);
  return joined([
    numberField(model.irVersion, IR_VERSION),
    bytesField(model.graph, content),
    bytesField(
      model.opsetImport,
      joined([bytesField(opset.domain, ''), numberField(opset.version, OPSET_VERSION)]),
    ),
  ]);
}
