import { binary } from './binary.ts';
import { concat } from './concat.ts';
import { conv } from './conv.ts';
import { custom } from './custom.ts';
import { foldWindows } from './fold-windows.ts';
import { gru } from './gru.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import { lstm } from './lstm.ts';
import type { Operator, OperatorDefinition } from './operator.ts';
import { pad } from './pad.ts';
import { pool } from './pool.ts';
import { reduce } from './reduce.ts';
import { reshape } from './reshape.ts';
import { resize } from './resize.ts';
import { slice } from './slice.ts';
import { softmax } from './softmax.ts';
import { transpose } from './transpose.ts';
import { unary } from './unary.ts';

/** The name of an operator. */
export type OperatorKind = Operator['kind'];

/** The operator of one kind. */
export type OperatorOf<Kind extends OperatorKind> = Extract<Operator, { readonly kind: Kind }>;

type OperatorDefinitions = { readonly [Kind in OperatorKind]: OperatorDefinition<OperatorOf<Kind>> };

const definitions: OperatorDefinitions = {
  binary,
  concat,
  conv,
  custom,
  foldWindows,
  gru,
  layerNorm,
  linear,
  lstm,
  pad,
  pool,
  reduce,
  reshape,
  resize,
  slice,
  softmax,
  transpose,
  unary,
} satisfies OperatorDefinitions;

/** Every operator kind, in alphabetical order. */
export const operatorKinds = Object.keys(definitions) as readonly OperatorKind[];

/** The definition of the operator of this kind: its shape rule, reference implementation and weights. */
export function operatorDefinition<Kind extends OperatorKind>(
  kind: Kind,
): OperatorDefinition<OperatorOf<Kind>> {
  return definitions[kind];
}
