import { GrimError } from '@grim/ir';
import { broadcastConstant } from '../folding/strided-copy.ts';
import { readTensor } from '../model/read-tensor.ts';
import type { Constant } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

const zero: Constant = { kind: 'constant', type: 'float', shape: [], data: new Float32Array(1) };

/** `ConstantOfShape`: a tensor filled with one value. */
export const constantOfShape: OperatorImporter = (node) => {
  const shape = node.optionalIntegers(0, 'input');
  if (!shape || shape.some((extent) => extent < 0)) {
    throw new GrimError(`operand input must be a shape, got [${shape?.join(',') ?? ''}]`);
  }
  const stored = node.attributes.tensor('value');
  const value = stored ? readTensor(stored, node.source) : zero;
  if (value.data.length !== 1)
    throw new GrimError(`attribute value must hold one element, got ${value.data.length}`);
  return [broadcastConstant({ ...value, shape: [] }, shape, node.budget)];
};
