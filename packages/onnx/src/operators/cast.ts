import { GrimError } from '@grim/ir';
import { castConstant } from '../folding/cast-constant.ts';
import { dataTypeName, storedType } from '../model/element-type.ts';
import type { OperatorImporter } from './operator-importer.ts';

/**
 * `Cast` of constants to any supported type. Between real types it does nothing to other values: they are
 * 32-bit floats throughout.
 */
export const cast: OperatorImporter = (node) => {
  // Only matters for 8-bit floats, which are refused.
  node.attributes.ignore('saturate', 'round_mode');
  const code = node.attributes.int('to');
  if (code === undefined) throw new GrimError('attribute to is missing');
  const { type } = storedType(code);
  const x = node.operand(0, 'input');
  if (x.kind === 'constant') return [castConstant(x, type, node.budget)];
  if (type !== 'float' && type !== 'double') {
    throw new GrimError(
      `${x.name} cannot be cast to ${dataTypeName(code)}: values that depend on inputs are real numbers`,
    );
  }
  return [x];
};
