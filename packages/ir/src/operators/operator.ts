import type { Shape, Tensor } from '../tensor.ts';
import type { BinaryOperator } from './binary.ts';
import type { ConcatOperator } from './concat.ts';
import type { ConvOperator } from './conv.ts';
import type { CustomOperator } from './custom.ts';
import type { FoldWindowsOperator } from './fold-windows.ts';
import type { GruOperator } from './gru.ts';
import type { LayerNormOperator } from './layer-norm.ts';
import type { LinearOperator } from './linear.ts';
import type { LstmOperator } from './lstm.ts';
import type { PadOperator } from './pad.ts';
import type { PoolOperator } from './pool.ts';
import type { ReduceOperator } from './reduce.ts';
import type { ReshapeOperator } from './reshape.ts';
import type { ResizeOperator } from './resize.ts';
import type { SliceOperator } from './slice.ts';
import type { SoftmaxOperator } from './softmax.ts';
import type { TransposeOperator } from './transpose.ts';
import type { UnaryOperator } from './unary.ts';

/** Every operator of the graph IR, told apart by `kind`. */
export type Operator =
  | BinaryOperator
  | ConcatOperator
  | ConvOperator
  | CustomOperator
  | FoldWindowsOperator
  | GruOperator
  | LayerNormOperator
  | LinearOperator
  | LstmOperator
  | PadOperator
  | PoolOperator
  | ReduceOperator
  | ReshapeOperator
  | ResizeOperator
  | SliceOperator
  | SoftmaxOperator
  | TransposeOperator
  | UnaryOperator;

/** A weight operand seen as the matrix that is pruned. */
export interface WeightMatrix {
  /** Position of the weight among the node's inputs. */
  readonly input: number;
  /** Output channels, or gates × hidden. */
  readonly rows: number;
  /** Input channels × kernel positions in C-major order, or inputs. */
  readonly columns: number;
  /** Why this matrix should not be pruned; absent when it can be. */
  readonly unprunable?: string;
}

/** What an operator is: one of these per file, collected in `operators/registry.ts`. */
export interface OperatorDefinition<Op extends { readonly kind: string }> {
  readonly kind: Op['kind'];
  /** Operand names by position, used in messages; a trailing `?` marks an optional one. A last name starting with `...` repeats. */
  readonly operands: readonly string[];
  /** Output names by position. */
  readonly results: readonly string[];
  /** Output shapes. Throws `GrimError` naming the operand and both shapes when they do not fit. */
  readonly inferShapes: (op: Op, inputs: readonly (Shape | null)[]) => Shape[];
  /** The slow, obvious implementation every kernel is checked against; accumulates in double precision. */
  readonly reference: (op: Op, inputs: readonly (Tensor | null)[]) => Tensor[];
  /** Multiply-adds of one evaluation; 0 for operators that have none. */
  readonly macs: (op: Op, inputs: readonly (Shape | null)[], outputs: readonly Shape[]) => number;
  /** Weight operands as matrices; empty for operators without weights. */
  readonly weightMatrices: (op: Op, inputs: readonly (Shape | null)[]) => WeightMatrix[];
}
