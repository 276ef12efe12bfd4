import { foldArithmetic } from '../folding/fold-elementwise.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** `Mod` of constants. */
export const modulo: OperatorImporter = (node) => {
  const truncated = node.attributes.flag('fmod', false);
  const a = node.constant(0, 'A');
  const b = node.constant(1, 'B');
  return [foldArithmetic(truncated ? 'remainder' : 'mod', a, b, node.budget)];
};
