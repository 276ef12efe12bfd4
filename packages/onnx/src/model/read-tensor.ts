import { elementCount, formatShape, GrimError, withContext, type Shape } from '@grim/ir';
import {
  TensorProto_DataLocation,
  TensorProto_DataType as DataType,
  type TensorProto,
} from '../gen/onnx_pb.ts';
import type { Constant } from '../value.ts';
import { storedType } from './element-type.ts';
import { bfloat16Value, float16Value } from './half-float.ts';
import type { TensorSource } from './tensor-source.ts';

/** The dimensions of a stored tensor, refused when they are negative or too many elements. */
export function readDimensions(dims: readonly bigint[], source: TensorSource): Shape {
  const shape = dims.map((extent) => {
    if (extent < 0n) throw new GrimError(`negative dimension in shape [${dims.join(',')}]`);
    return Number(extent);
  });
  source.budget.checkShape(shape);
  return shape;
}

/**
 * Reads a stored tensor.
 *
 * The number of elements its dimensions promise must be there, in exactly one place: raw bytes, the typed field of its
 * data type, or external data. This is checked before anything is allocated.
 */
export function readTensor(tensor: TensorProto, source: TensorSource): Constant {
  return withContext({ layer: tensor.name || 'unnamed tensor' }, () => {
    const { type } = storedType(tensor.dataType);
    const shape = readDimensions(tensor.dims, source);
    if (tensor.segment) throw new GrimError('tensors stored in segments are not supported');
    const common = { kind: 'constant', shape, ...(tensor.name === '' ? {} : { name: tensor.name }) } as const;
    const data =
      tensor.dataLocation === TensorProto_DataLocation.EXTERNAL
        ? fromBytes(tensor.dataType, externalBytes(tensor, shape, source), shape, source)
        : tensor.rawData.length > 0
          ? fromBytes(tensor.dataType, tensor.rawData, shape, source)
          : fromTypedField(tensor, shape, source);
    if (type === 'float' || type === 'double') {
      if (data instanceof BigInt64Array) throw new TypeError('float data expected');
      return { ...common, type, data };
    }
    if (!(data instanceof BigInt64Array)) throw new TypeError('integer data expected');
    return { ...common, type, data };
  });
}

function externalBytes(tensor: TensorProto, shape: Shape, source: TensorSource): Uint8Array {
  if (tensor.rawData.length > 0) throw new GrimError('stored both in the model and in external data');
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  return source.external(entries, elementCount(shape) * storedType(tensor.dataType).bytes);
}

function fromBytes(
  dataType: number,
  bytes: Uint8Array,
  shape: Shape,
  source: TensorSource,
): Float32Array | Float64Array | BigInt64Array {
  const expected = elementCount(shape) * storedType(dataType).bytes;
  if (bytes.length !== expected) {
    throw new GrimError(`shape ${formatShape(shape)} needs ${expected} bytes of data, got ${bytes.length}`);
  }
  const count = source.budget.allocate(shape);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = (read: (index: number) => number): Float32Array => {
    const data = new Float32Array(count);
    for (let index = 0; index < count; index++) data[index] = read(index);
    return data;
  };
  const integers = (read: (index: number) => number): BigInt64Array => {
    const data = new BigInt64Array(count);
    for (let index = 0; index < count; index++) data[index] = BigInt(read(index));
    return data;
  };
  switch (dataType) {
    case DataType.FLOAT:
      return floats((index) => view.getFloat32(4 * index, true));
    case DataType.DOUBLE: {
      const data = new Float64Array(count);
      for (let index = 0; index < count; index++) data[index] = view.getFloat64(8 * index, true);
      return data;
    }
    case DataType.FLOAT16:
      return floats((index) => float16Value(view.getUint16(2 * index, true)));
    case DataType.BFLOAT16:
      return floats((index) => bfloat16Value(view.getUint16(2 * index, true)));
    case DataType.BOOL:
      return integers((index) => (view.getUint8(index) === 0 ? 0 : 1));
    case DataType.INT8:
      return integers((index) => view.getInt8(index));
    case DataType.UINT8:
      return integers((index) => view.getUint8(index));
    case DataType.INT16:
      return integers((index) => view.getInt16(2 * index, true));
    case DataType.UINT16:
      return integers((index) => view.getUint16(2 * index, true));
    case DataType.INT32:
      return integers((index) => view.getInt32(4 * index, true));
    case DataType.UINT32:
      return integers((index) => view.getUint32(4 * index, true));
    default: {
      const data = new BigInt64Array(count);
      for (let index = 0; index < count; index++) {
        const value = view.getBigInt64(8 * index, true);
        data[index] = dataType === DataType.UINT64 ? checkUnsigned(BigInt.asUintN(64, value)) : value;
      }
      return data;
    }
  }
}

function fromTypedField(
  tensor: TensorProto,
  shape: Shape,
  source: TensorSource,
): Float32Array | Float64Array | BigInt64Array {
  const count = elementCount(shape);
  const take = <T>(values: readonly T[], field: string): readonly T[] => {
    if (values.length !== count) {
      throw new GrimError(
        `shape ${formatShape(shape)} needs ${count} values in ${field}, got ${values.length}`,
      );
    }
    source.budget.allocate(shape);
    return values;
  };
  switch (tensor.dataType) {
    case DataType.FLOAT:
      return Float32Array.from(take(tensor.floatData, 'float_data'));
    case DataType.DOUBLE:
      return Float64Array.from(take(tensor.doubleData, 'double_data'));
    case DataType.FLOAT16:
      return Float32Array.from(take(tensor.int32Data, 'int32_data'), (half) => float16Value(half & 0xffff));
    case DataType.BFLOAT16:
      return Float32Array.from(take(tensor.int32Data, 'int32_data'), (half) => bfloat16Value(half & 0xffff));
    case DataType.BOOL:
      return BigInt64Array.from(take(tensor.int32Data, 'int32_data'), (value) => (value === 0 ? 0n : 1n));
    case DataType.INT8:
      return BigInt64Array.from(take(tensor.int32Data, 'int32_data'), (value) => BigInt((value << 24) >> 24));
    case DataType.INT16:
      return BigInt64Array.from(take(tensor.int32Data, 'int32_data'), (value) => BigInt((value << 16) >> 16));
    case DataType.UINT8:
      return BigInt64Array.from(take(tensor.int32Data, 'int32_data'), (value) => BigInt(value & 0xff));
    case DataType.UINT16:
      return BigInt64Array.from(take(tensor.int32Data, 'int32_data'), (value) => BigInt(value & 0xffff));
    case DataType.INT32:
      return BigInt64Array.from(take(tensor.int32Data, 'int32_data'), BigInt);
    case DataType.UINT32:
      return BigInt64Array.from(take(tensor.uint64Data, 'uint64_data'), (value) => BigInt.asUintN(32, value));
    case DataType.UINT64:
      return BigInt64Array.from(take(tensor.uint64Data, 'uint64_data'), checkUnsigned);
    default:
      return BigInt64Array.from(take(tensor.int64Data, 'int64_data'));
  }
}

/** Integers are held signed, so the upper half of uint64 cannot be. No model has sizes or indices there. */
function checkUnsigned(value: bigint): bigint {
  if (value > 2n ** 63n - 1n) throw new GrimError(`uint64 value ${value} is over the limit of 2^63 - 1`);
  return value;
}
