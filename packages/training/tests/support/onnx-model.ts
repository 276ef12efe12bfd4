import type { Shape } from '@grim/ir';

/** A part of a message in the wire format of Protocol Buffers. */
type Bytes = readonly number[];

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

/** A field that holds a whole number from 0 on. */
const whole = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)];

/** A field that holds bytes: text, another message or raw values. */
const bytes = (field: number, value: Bytes): Bytes => [
  ...varint(field * 8 + 2),
  ...varint(value.length),
  ...value,
];
const text = (field: number, value: string): Bytes => bytes(field, [...new TextEncoder().encode(value)]);

/** An attribute that waits for its name: its value and its type, in the numbers of `onnx.proto`. */
export type Attribute = Bytes;
export const int = (value: number): Attribute => [...whole(3, value), ...whole(20, 2)];
export const string = (value: string): Attribute => [...text(4, value), ...whole(20, 3)];
export const ints = (values: readonly number[]): Attribute => [
  ...values.flatMap((value) => whole(8, value)),
  ...whole(20, 7),
];

function tensor(name: string, shape: Shape, type: number, values: ArrayBufferView): Bytes {
  return [
    ...shape.flatMap((extent) => whole(1, extent)),
    ...whole(2, type),
    ...text(8, name),
    ...bytes(9, [...new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]),
  ];
}

/** An initializer of floats, row-major. */
export const floatTensor = (name: string, shape: Shape, values: Float32Array): Bytes =>
  tensor(name, shape, 1, values);

/** An initializer of one dimension of whole numbers. */
export const intTensor = (name: string, values: readonly number[]): Bytes =>
  tensor(name, [values.length], 7, BigInt64Array.from(values, BigInt));

/** A node; an empty name is an operand that is absent. */
export function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Bytes {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, type),
    ...Object.entries(attributes).flatMap(([name, value]) => bytes(5, [...text(1, name), ...value])),
  ];
}

function port(name: string, shape: Shape): Bytes {
  const dimensions = shape.flatMap((extent) => bytes(1, whole(1, extent)));
  return [...text(1, name), ...bytes(2, bytes(1, [...whole(1, 1), ...bytes(2, dimensions)]))];
}

/** Parts of a model. */
export interface ModelParts {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: readonly string[];
  readonly initializers: readonly Bytes[];
  readonly nodes: readonly Bytes[];
}

/** An ONNX model of operator set 17, as its bytes: those that `onnx.proto` says. */
export function makeModel({ inputs, outputs, initializers, nodes }: ModelParts): Uint8Array {
  const graph = [
    ...nodes.flatMap((each) => bytes(1, each)),
    ...text(2, 'graph'),
    ...initializers.flatMap((each) => bytes(5, each)),
    ...Object.entries(inputs).flatMap(([name, shape]) => bytes(11, port(name, shape))),
    ...outputs.flatMap((name) => bytes(12, text(1, name))),
  ];
  return Uint8Array.from([...whole(1, 8), ...bytes(7, graph), ...bytes(8, whole(2, 17))]);
}
