import { GrimError } from '@grim/ir';
import {
  foldComparison,
  foldIntegers,
  foldLogical,
  type ComparisonFunction,
  type LogicalFunction,
} from '../folding/fold-elementwise.ts';
import { isFloat } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** `Equal`, `Less`, … of constants. */
export function comparison(name: ComparisonFunction): OperatorImporter {
  return (node) => [foldComparison(name, node.constant(0, 'A'), node.constant(1, 'B'), node.budget)];
}

/** `And`, `Or`, `Xor` of constants. */
export function logical(name: LogicalFunction): OperatorImporter {
  return (node) => [foldLogical(name, node.constant(0, 'A'), node.constant(1, 'B'), node.budget)];
}

/** `Not` of a constant. */
export const not: OperatorImporter = (node) => {
  const x = node.constant(0, 'X');
  if (isFloat(x) || x.type !== 'bool') throw new GrimError(`operand X must be boolean, got ${x.type}`);
  return [foldIntegers(x, (value) => 1n - value, node.budget)];
};
