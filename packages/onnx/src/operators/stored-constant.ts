import { GrimError } from '@grim/ir';
import { readSparseTensor } from '../model/read-sparse-tensor.ts';
import { readTensor } from '../model/read-tensor.ts';
import type { Constant } from '../value.ts';
import type { NodeContext } from '../evaluation/node-context.ts';
import type { OperatorImporter } from './operator-importer.ts';

function floats(values: readonly number[], shape: readonly number[]): Constant {
  return { kind: 'constant', type: 'float', shape, data: Float32Array.from(values) };
}

function integers(values: readonly bigint[], shape: readonly number[]): Constant {
  return { kind: 'constant', type: 'int64', shape, data: BigInt64Array.from(values) };
}

function read(node: NodeContext): Constant {
  const { attributes } = node;
  const tensor = attributes.tensor('value');
  if (tensor) return readTensor(tensor, node.source);
  const sparse = attributes.sparseTensor('sparse_value');
  if (sparse) return readSparseTensor(sparse, node.source);
  const float = attributes.float('value_float');
  if (float !== undefined) return floats([float], []);
  const floatList = attributes.floats('value_floats');
  if (floatList) return floats(floatList, [floatList.length]);
  const integer = attributes.bigint('value_int');
  if (integer !== undefined) return integers([integer], []);
  const integerList = attributes.bigints('value_ints');
  if (integerList) return integers(integerList, [integerList.length]);
  throw new GrimError('it holds no number: give value, sparse_value, value_float(s) or value_int(s)');
}

/** `Constant` in all forms that hold numbers. */
export const storedConstant: OperatorImporter = (node) => {
  const constant = read(node);
  node.budget.checkShape(constant.shape);
  // The name of the node's output says more than what the tensor inside happens to be called.
  const [name = ''] = node.outputs;
  return [name === '' ? constant : { ...constant, name }];
};
