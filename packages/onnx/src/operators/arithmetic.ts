import type { BinaryFunction } from '@grim/ir';
import type { NodeContext } from '../evaluation/node-context.ts';
import { castConstant } from '../folding/cast-constant.ts';
import { foldArithmetic } from '../folding/fold-elementwise.ts';
import type { Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** Arithmetic on two values: folded when both are constant. */
export function combine(
  node: NodeContext,
  name: BinaryFunction,
  a: Value,
  b: Value,
  naming?: Parameters<NodeContext['apply']>[2],
): Value {
  if (a.kind === 'constant' && b.kind === 'constant') return foldArithmetic(name, a, b, node.budget);
  return node.apply({ kind: 'binary', function: name }, [a, b], naming);
}

/** `Add`, `Sub`, `Mul`, `Div`: two operands of one type, broadcast as in NumPy. */
export function arithmetic(name: BinaryFunction): OperatorImporter {
  return (node) => [combine(node, name, node.operand(0, 'A'), node.operand(1, 'B'))];
}

/** `Pow`, whose exponent may be of another type than its base since opset 12. */
export const power: OperatorImporter = (node) => {
  const base = node.operand(0, 'X');
  const exponent = node.operand(1, 'Y');
  const real = base.kind === 'dynamic' && exponent.kind === 'constant';
  return [combine(node, 'pow', base, real ? castConstant(exponent, 'float', node.budget) : exponent)];
};

/** `Min`, `Max`, `Sum`: one operand or more, combined from left to right. */
export function variadic(name: BinaryFunction): OperatorImporter {
  return (node) => {
    const [first, ...rest] = node.operands.map((_, position) => node.operand(position, `data_${position}`));
    let result = first ?? node.operand(0, 'data_0');
    rest.forEach((operand, position) => {
      const last = position === rest.length - 1;
      result = combine(node, name, result, operand, last ? {} : { part: String(position + 1) });
    });
    return [result];
  };
}
