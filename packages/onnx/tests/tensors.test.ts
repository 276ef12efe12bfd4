import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { SparseTensorProtoSchema, type SparseTensorProto, type TensorProto } from '../src/gen/onnx_pb.ts';
import { FoldingBudget } from '../src/folding/folding-budget.ts';
import { defaultImportLimits } from '../src/import-limits.ts';
import { importOnnx } from '../src/index.ts';
import { readSparseTensor } from '../src/model/read-sparse-tensor.ts';
import { readTensor } from '../src/model/read-tensor.ts';
import {
  anyTensor,
  DataType,
  floatTensor,
  int,
  intTensor,
  makeModel,
  node,
  sparseValue,
} from './support/onnx-model.ts';
import { expectSameAsOnnxruntime } from './support/oracle.ts';
import { refusal } from './support/refusal.ts';

const source = {
  budget: new FoldingBudget(defaultImportLimits, 0),
  external: (): Uint8Array => {
    throw new Error('no test here reads external data');
  },
};

const bytes = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** The same four numbers in every form a tensor can store them. */
const stored: [string, Parameters<typeof anyTensor>[0], string, (number | bigint)[]][] = [
  [
    'FLOAT raw',
    { dataType: DataType.FLOAT, rawData: bytes(Float32Array.of(1, -2, 0.5, 4)) },
    'float',
    [1, -2, 0.5, 4],
  ],
  ['FLOAT listed', { dataType: DataType.FLOAT, floatData: [1, -2, 0.5, 4] }, 'float', [1, -2, 0.5, 4]],
  [
    'DOUBLE raw',
    { dataType: DataType.DOUBLE, rawData: bytes(Float64Array.of(1, -2, 0.1, 4)) },
    'double',
    [1, -2, 0.1, 4],
  ],
  ['DOUBLE listed', { dataType: DataType.DOUBLE, doubleData: [1, -2, 0.1, 4] }, 'double', [1, -2, 0.1, 4]],
  [
    'FLOAT16 raw',
    { dataType: DataType.FLOAT16, rawData: bytes(Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x0001)) },
    'float',
    [1, -2, 0.5, 2 ** -24],
  ],
  [
    'FLOAT16 listed',
    { dataType: DataType.FLOAT16, int32Data: [0x3c00, 0xc000, 0x3800, 0x7bff] },
    'float',
    [1, -2, 0.5, 65504],
  ],
  [
    'BFLOAT16 raw',
    { dataType: DataType.BFLOAT16, rawData: bytes(Uint16Array.of(0x3f80, 0xc000, 0x3f00, 0x4080)) },
    'float',
    [1, -2, 0.5, 4],
  ],
  [
    'BFLOAT16 listed',
    { dataType: DataType.BFLOAT16, int32Data: [0x3f80, 0xc000, 0x3f00, 0x4080] },
    'float',
    [1, -2, 0.5, 4],
  ],
  [
    'INT64 raw',
    { dataType: DataType.INT64, rawData: bytes(BigInt64Array.of(1n, -2n, 3n, -(2n ** 63n))) },
    'int64',
    [1n, -2n, 3n, -(2n ** 63n)],
  ],
  ['INT64 listed', { dataType: DataType.INT64, int64Data: [1n, -2n, 3n, 4n] }, 'int64', [1n, -2n, 3n, 4n]],
  [
    'INT32 raw',
    { dataType: DataType.INT32, rawData: bytes(Int32Array.of(1, -2, 3, 4)) },
    'int32',
    [1n, -2n, 3n, 4n],
  ],
  ['INT32 listed', { dataType: DataType.INT32, int32Data: [1, -2, 3, 4] }, 'int32', [1n, -2n, 3n, 4n]],
  [
    'INT16 raw',
    { dataType: DataType.INT16, rawData: bytes(Int16Array.of(1, -2, 3, 4)) },
    'int16',
    [1n, -2n, 3n, 4n],
  ],
  ['INT16 listed', { dataType: DataType.INT16, int32Data: [1, -2, 3, 4] }, 'int16', [1n, -2n, 3n, 4n]],
  [
    'INT8 raw',
    { dataType: DataType.INT8, rawData: bytes(Int8Array.of(1, -2, 3, 4)) },
    'int8',
    [1n, -2n, 3n, 4n],
  ],
  ['INT8 listed', { dataType: DataType.INT8, int32Data: [1, -2, 3, 4] }, 'int8', [1n, -2n, 3n, 4n]],
  [
    'UINT8 raw',
    { dataType: DataType.UINT8, rawData: Uint8Array.of(1, 255, 3, 4) },
    'uint8',
    [1n, 255n, 3n, 4n],
  ],
  ['UINT8 listed', { dataType: DataType.UINT8, int32Data: [1, 255, 3, 4] }, 'uint8', [1n, 255n, 3n, 4n]],
  [
    'UINT16 raw',
    { dataType: DataType.UINT16, rawData: bytes(Uint16Array.of(1, 65535, 3, 4)) },
    'uint16',
    [1n, 65535n, 3n, 4n],
  ],
  [
    'UINT16 listed',
    { dataType: DataType.UINT16, int32Data: [1, 65535, 3, 4] },
    'uint16',
    [1n, 65535n, 3n, 4n],
  ],
  [
    'UINT32 raw',
    { dataType: DataType.UINT32, rawData: bytes(Uint32Array.of(1, 2 ** 32 - 1, 3, 4)) },
    'uint32',
    [1n, 2n ** 32n - 1n, 3n, 4n],
  ],
  [
    'UINT32 listed',
    { dataType: DataType.UINT32, uint64Data: [1n, 2n ** 32n - 1n, 3n, 4n] },
    'uint32',
    [1n, 2n ** 32n - 1n, 3n, 4n],
  ],
  [
    'UINT64 raw',
    { dataType: DataType.UINT64, rawData: bytes(BigUint64Array.of(1n, 2n, 3n, 4n)) },
    'uint64',
    [1n, 2n, 3n, 4n],
  ],
  ['UINT64 listed', { dataType: DataType.UINT64, uint64Data: [1n, 2n, 3n, 4n] }, 'uint64', [1n, 2n, 3n, 4n]],
  ['BOOL raw', { dataType: DataType.BOOL, rawData: Uint8Array.of(0, 1, 2, 0) }, 'bool', [0n, 1n, 1n, 0n]],
  ['BOOL listed', { dataType: DataType.BOOL, int32Data: [0, 1, 2, 0] }, 'bool', [0n, 1n, 1n, 0n]],
];

test.each(stored)('%s data is read', (_, fields, type, values) => {
  const constant = readTensor(anyTensor({ ...fields, dims: [2n, 2n], name: 't' }), source);
  expect(constant).toMatchObject({ kind: 'constant', type, shape: [2, 2], name: 't' });
  expect([...constant.data]).toEqual(values);
});

test.each(stored)('%s data that is too short or too long for its shape is refused', (_, fields) => {
  for (const dims of [[3n], [5n], [2n, 3n], []]) {
    const message = refusal(() => readTensor(anyTensor({ ...fields, dims, name: 't' }), source));
    expect(message).toMatch(/^t: shape \[[\d,]*\] needs \d+ (bytes of data|values in \w+_data), got \d+$/);
  }
});

test.each<[string, TensorProto, string]>([
  [
    'strings',
    anyTensor({ dataType: DataType.STRING, dims: [1n], stringData: [new Uint8Array(2)] }),
    'unnamed tensor: element type STRING is not supported',
  ],
  [
    'complex numbers',
    anyTensor({ dataType: DataType.COMPLEX64, dims: [1n], floatData: [1, 2] }),
    'unnamed tensor: element type COMPLEX64 is not supported',
  ],
  [
    'numbers of 8 bits',
    anyTensor({ dataType: DataType.FLOAT8E4M3FN, dims: [1n], rawData: new Uint8Array(1) }),
    'unnamed tensor: element type FLOAT8E4M3FN is not supported',
  ],
  [
    'a type that does not exist',
    anyTensor({ dataType: 999, dims: [1n] }),
    'unnamed tensor: element type data type 999 is not supported',
  ],
  [
    'a negative dimension',
    anyTensor({ dataType: DataType.FLOAT, dims: [-1n], name: 't' }),
    't: negative dimension in shape [-1]',
  ],
  [
    'segments',
    anyTensor({ dataType: DataType.FLOAT, dims: [0n], segment: { begin: 0n, end: 1n } }),
    'unnamed tensor: tensors stored in segments are not supported',
  ],
  [
    'an enormous shape',
    anyTensor({ dataType: DataType.FLOAT, dims: [2n ** 40n], rawData: new Uint8Array(4), name: 't' }),
    't: a tensor of shape [1099511627776] is over the limit of 67108864 elements',
  ],
  [
    'an enormous shape that is empty',
    anyTensor({ dataType: DataType.FLOAT, dims: [2n ** 62n, 0n], name: 't' }),
    't: a tensor of shape [4611686018427388000,0] is over the limit of 67108864 elements',
  ],
  [
    'a shape that overflows',
    anyTensor({ dataType: DataType.FLOAT, dims: [2n ** 32n, 2n ** 32n], name: 't' }),
    't: a tensor of shape [4294967296,4294967296] is over the limit of 67108864 elements',
  ],
  [
    'very many dimensions',
    anyTensor({
      dataType: DataType.FLOAT,
      dims: Array.from({ length: 33 }, () => 1n),
      floatData: [1],
      name: 't',
    }),
    't: a tensor of 33 dimensions is over the limit of 32',
  ],
  [
    'an unsigned number over 2^63',
    anyTensor({ dataType: DataType.UINT64, dims: [1n], uint64Data: [2n ** 63n], name: 't' }),
    't: uint64 value 9223372036854775808 is over the limit of 2^63 - 1',
  ],
  [
    'data in the field of another type',
    anyTensor({ dataType: DataType.INT64, dims: [1n], int32Data: [1], name: 't' }),
    't: shape [1] needs 1 values in int64_data, got 0',
  ],
])('%s: refused', (_, tensor, message) => {
  expect(refusal(() => readTensor(tensor, source))).toBe(message);
});

describe('half precision', () => {
  /** All finite numbers of a 16-bit format, as both sides read them. */
  async function expectHalves(type: number, exponentMask: number): Promise<void> {
    const halves = Uint16Array.from({ length: 2 ** 16 }, (_, half) => half).filter(
      (half) => (half & exponentMask) !== exponentMask,
    );
    const model = makeModel({
      inputs: { x: [1] },
      outputs: ['y'],
      initializers: [
        anyTensor({ name: 'h', dims: [BigInt(halves.length)], dataType: type, rawData: bytes(halves) }),
      ],
      nodes: [node('Cast', ['h'], ['wide'], { to: int(1) }), node('Mul', ['x', 'wide'], ['y'])],
    });
    await expectSameAsOnnxruntime(model, { x: { shape: [1], data: Float32Array.of(1) } }, {}, 0);
  }

  test('float16: every finite number equals onnxruntime', async () => {
    await expectHalves(DataType.FLOAT16, 0x7c00);
  });

  test('bfloat16: every finite number equals onnxruntime', async () => {
    await expectHalves(DataType.BFLOAT16, 0x7f80);
  });
});

describe('sparse tensors', () => {
  const sparse = (values: TensorProto, indices: TensorProto, dims: bigint[]): SparseTensorProto =>
    create(SparseTensorProtoSchema, { values, indices, dims });

  const values = floatTensor('s', [3], [1, 2, 3]);

  test.each([
    ['linear', intTensor('', [1, 2, 5])],
    ['coordinates', intTensor('', [0, 1, 0, 2, 1, 2], [3, 2])],
  ])('with %s indices become dense', (_, indices) => {
    const constant = readSparseTensor(sparse(values, indices, [2n, 3n]), source);
    expect(constant).toMatchObject({ type: 'float', shape: [2, 3], name: 's' });
    expect([...constant.data]).toEqual([0, 1, 2, 0, 0, 3]);
  });

  test('of integers become dense', () => {
    const constant = readSparseTensor(sparse(intTensor('s', [4]), intTensor('', [1]), [2n]), source);
    expect([...constant.data]).toEqual([0n, 4n]);
  });

  test.each<[string, SparseTensorProto, string]>([
    [
      'nothing',
      create(SparseTensorProtoSchema, { dims: [2n] }),
      'sparse tensor: sparse tensor without values or indices',
    ],
    [
      'an index outside',
      sparse(values, intTensor('', [0, 1, 6]), [2n, 3n]),
      's: sparse index 6 is outside shape [2,3]',
    ],
    [
      'a negative index',
      sparse(values, intTensor('', [0, -1, 2]), [2n, 3n]),
      's: sparse index -1 is outside shape [2,3]',
    ],
    [
      'a coordinate outside',
      sparse(values, intTensor('', [0, 0, 0, 1, 2, 0], [3, 2]), [2n, 3n]),
      's: sparse index 2 is outside shape [2,3]',
    ],
    [
      'too few indices',
      sparse(values, intTensor('', [0, 1]), [2n, 3n]),
      's: indices of 3 values must be [3] or [3,2], got [2]',
    ],
    [
      'an enormous shape',
      sparse(values, intTensor('', [0, 1, 2]), [2n ** 40n]),
      's: a tensor of shape [1099511627776] is over the limit of 67108864 elements',
    ],
    [
      'indices of another type',
      sparse(values, floatTensor('', [3], [0, 1, 2]), [3n]),
      's: sparse tensor needs values [n] and int64 indices, got [3] and float [3]',
    ],
  ])('with %s: refused', (_, tensor, message) => {
    expect(refusal(() => readSparseTensor(tensor, source))).toBe(message);
  });

  test('as initializers and as constants equal onnxruntime', async () => {
    const w = sparse(floatTensor('w', [2], [2, 3]), intTensor('', [0, 3]), [2n, 2n]);
    const model = makeModel({
      inputs: { x: [1, 2] },
      outputs: ['y'],
      sparseInitializers: [w],
      nodes: [
        node('Constant', [], ['c'], { sparse_value: sparseValue(w) }),
        node('MatMul', ['x', 'w'], ['p']),
        node('MatMul', ['p', 'c'], ['y']),
      ],
    });
    await expectSameAsOnnxruntime(model, { x: { shape: [1, 2], data: Float32Array.of(1, -1) } });
  });
});

test('weights in double precision are rounded to 32 bits', () => {
  const model = makeModel({
    inputs: { x: [1] },
    outputs: ['y'],
    initializers: [anyTensor({ name: 'w', dims: [1n], dataType: DataType.DOUBLE, doubleData: [0.1] })],
    nodes: [node('Cast', ['x'], ['wide'], { to: int(11) }), node('Mul', ['wide', 'w'], ['y'])],
  });
  expect(importOnnx(model).constants.get('w')?.data).toEqual(Float32Array.of(0.1));
});

test('the graph holds copies: changing the file afterwards changes no weight', () => {
  const model = makeModel({
    inputs: { x: [3] },
    outputs: ['y'],
    initializers: [floatTensor('w', [3], [1, 2, 3])],
    nodes: [node('Mul', ['x', 'w'], ['y'])],
  });
  const graph = importOnnx(model);
  model.fill(0);
  expect(graph.constants.get('w')?.data).toEqual(Float32Array.of(1, 2, 3));
});
