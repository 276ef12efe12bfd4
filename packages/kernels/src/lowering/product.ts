import type { Activation } from '@grim/ir';

import type { ElementType } from '../kernel-ir/types.ts';

import type { MatrixOperand } from './matrix-operand.ts';
import type { ColumnPlacement, SpmvShape } from './pack-spmv.ts';
import type { Storage } from './view.ts';

/** A place in a storage. */
export interface Place {
  readonly storage: Storage;
  readonly offset: number;
}

/** A matrix times right-hand sides that lie in memory at equal distances. */
export interface Product {
  /** Floats of the input, the weights and the output. */
  readonly element: ElementType;
  readonly operand: MatrixOperand;
  readonly columns: ColumnPlacement;
  readonly positions: number;
  /** Input of position 0; column offsets count from here. */
  readonly input: Place;
  readonly inputStep: number;
  /** First row of position 0; rows are consecutive elements. */
  readonly output: Place;
  readonly outputStep: number;
  readonly outputSlack: number;
  /** One float per row, `null` to start from zero, or `output` to add to what is there. */
  readonly addend: Float32Array | 'output' | null;
  readonly activation?: Activation;
}

/** The part of a product's problem that does not depend on how its weights are packed. */
export function productShape(product: Product): SpmvShape {
  const { addend, element } = product;
  return {
    ...(element === 'f32' ? {} : { element }),
    positions: product.positions,
    inputStep: product.inputStep,
    outputStep: product.outputStep,
    outputSlack: product.outputSlack,
    addend: addend === null ? 'zero' : addend === 'output' ? 'output' : 'bias',
    ...(product.activation ? { activation: product.activation } : {}),
  };
}
