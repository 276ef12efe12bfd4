import { elementCount, formatShape, GrimError, rowMajorStrides, withContext } from '@grim/ir';
import type { SparseTensorProto } from '../gen/onnx_pb.ts';
import { isFloat, type Constant } from '../value.ts';
import { readDimensions, readTensor } from './read-tensor.ts';
import type { TensorSource } from './tensor-source.ts';

/** Reads a stored sparse tensor as a dense one. Both of its parts go through {@link readTensor}, external data included. */
export function readSparseTensor(sparse: SparseTensorProto, source: TensorSource): Constant {
  return withContext({ layer: sparse.values?.name ?? 'sparse tensor' }, () => {
    if (!sparse.values || !sparse.indices) throw new GrimError('sparse tensor without values or indices');
    const shape = readDimensions(sparse.dims, source);
    const values = readTensor(sparse.values, source);
    const indices = readTensor(sparse.indices, source);
    const [stored = 0] = values.shape;
    if (values.shape.length !== 1 || isFloat(indices) || indices.type !== 'int64') {
      throw new GrimError(
        `sparse tensor needs values [n] and int64 indices, got ${formatShape(values.shape)} and ${indices.type} ${formatShape(indices.shape)}`,
      );
    }
    const coordinates = indices.shape.length === 2;
    const expected = coordinates ? [stored, shape.length] : [stored];
    if (formatShape(indices.shape) !== formatShape(expected)) {
      throw new GrimError(
        `indices of ${stored} values must be [${stored}] or [${stored},${shape.length}], got ${formatShape(indices.shape)}`,
      );
    }
    const count = source.budget.allocate(shape);
    const strides = coordinates ? rowMajorStrides(shape) : [1];
    const extents = coordinates ? shape : [elementCount(shape)];
    const place = (entry: number): number => {
      let offset = 0;
      for (let axis = 0; axis < strides.length; axis++) {
        const index = Number(indices.data[entry * strides.length + axis] ?? 0n);
        if (index < 0 || index >= (extents[axis] ?? 0)) {
          throw new GrimError(`sparse index ${index} is outside shape ${formatShape(shape)}`);
        }
        offset += index * (strides[axis] ?? 1);
      }
      return offset;
    };
    if (isFloat(values)) {
      const data = values.type === 'float' ? new Float32Array(count) : new Float64Array(count);
      for (let entry = 0; entry < stored; entry++) data[place(entry)] = values.data[entry] ?? 0;
      return { ...values, shape, data };
    }
    const data = new BigInt64Array(count);
    for (let entry = 0; entry < stored; entry++) data[place(entry)] = values.data[entry] ?? 0n;
    return { ...values, shape, data };
  });
}
