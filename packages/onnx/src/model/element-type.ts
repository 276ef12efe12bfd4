import { GrimError } from '@grim/ir';
import { TensorProto_DataType as DataType } from '../gen/onnx_pb.ts';
import type { ElementType } from '../value.ts';

interface StoredType {
  readonly type: ElementType;
  /** Bytes of one element in raw data. */
  readonly bytes: number;
}

const storedTypes = new Map<number, StoredType>([
  [DataType.FLOAT, { type: 'float', bytes: 4 }],
  [DataType.DOUBLE, { type: 'double', bytes: 8 }],
  [DataType.FLOAT16, { type: 'float', bytes: 2 }],
  [DataType.BFLOAT16, { type: 'float', bytes: 2 }],
  [DataType.BOOL, { type: 'bool', bytes: 1 }],
  [DataType.INT8, { type: 'int8', bytes: 1 }],
  [DataType.INT16, { type: 'int16', bytes: 2 }],
  [DataType.INT32, { type: 'int32', bytes: 4 }],
  [DataType.INT64, { type: 'int64', bytes: 8 }],
  [DataType.UINT8, { type: 'uint8', bytes: 1 }],
  [DataType.UINT16, { type: 'uint16', bytes: 2 }],
  [DataType.UINT32, { type: 'uint32', bytes: 4 }],
  [DataType.UINT64, { type: 'uint64', bytes: 8 }],
]);

const names = new Map<number, string>(Object.entries(DataType).map(([name, code]) => [code, name]));

/** The ONNX name of a data type code, or the code itself. */
export function dataTypeName(code: number): string {
  return names.get(code) ?? `data type ${code}`;
}

/** How elements of an ONNX data type are held; refuses types that hold no plain numbers. */
export function storedType(code: number): StoredType {
  const stored = storedTypes.get(code);
  if (!stored) throw new GrimError(`element type ${dataTypeName(code)} is not supported`);
  return stored;
}
