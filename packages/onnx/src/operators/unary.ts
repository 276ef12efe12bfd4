import type { Activation } from '@grim/ir';
import type { NodeContext } from '../evaluation/node-context.ts';
import { foldFloats, foldIntegers } from '../folding/fold-elementwise.ts';
import { isFloat, type Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** A function of one real value, with the parameters the node gives. */
export function activation(read: (node: NodeContext) => Activation): OperatorImporter {
  return (node) => [node.apply({ kind: 'unary', activation: read(node) }, [node.operand(0, 'X')])];
}

/** `Abs`, `Neg`: also defined for integers, which only constants can be. */
export function signed(name: 'abs' | 'neg', integer: (value: bigint) => bigint): OperatorImporter {
  return (node) => {
    const x = node.operand(0, 'X');
    if (x.kind === 'constant' && !isFloat(x)) return [foldIntegers(x, integer, node.budget)];
    return [node.apply({ kind: 'unary', activation: { function: name } }, [x])];
  };
}

/** `Floor`, `Ceil`, `Round` of constants, which sizes are computed with. */
export function rounding(round: (value: number) => number): OperatorImporter {
  return (node) => {
    const x: Value = node.constant(0, 'X');
    return [isFloat(x) ? foldFloats(x, round, node.budget) : x];
  };
}

/** Rounds to the nearest integer, halves to the even one, as ONNX does. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
