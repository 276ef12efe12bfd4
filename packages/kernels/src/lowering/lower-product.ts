import type { Activation } from '@grim/ir';

import { scatteredScratchRows } from '../families/spmv/lower-scattered.ts';
import { spmv } from '../families/spmv/spmv.ts';
import type { LoweringContext } from './lowering-context.ts';
import type { MatrixOperand } from './matrix-operand.ts';
import { packSpmv, type ColumnPlacement } from './pack-spmv.ts';
import type { Storage } from './view.ts';

/** A place in a storage. */
export interface Place {
  readonly storage: Storage;
  readonly offset: number;
}

/** A matrix times right-hand sides that lie in memory at equal distances. */
export interface Product {
  readonly operand: MatrixOperand;
  readonly columns: ColumnPlacement;
  readonly positions: number;
  /** Input of position 0; column offsets count from here. */
  readonly input: Place;
  readonly inputStep: number;
  /** First row of position 0; rows are consecutive floats. */
  readonly output: Place;
  readonly outputStep: number;
  readonly outputSlack: number;
  /** One float per row, `null` to start from zero, or `output` to add to what is there. */
  readonly addend: Float32Array | 'output' | null;
  readonly activation?: Activation;
}

/** Rounds the addend up to whole vectors, so that kernels can load it whole. */
function paddedBias(bias: Float32Array): Float32Array {
  const padded = new Float32Array(Math.ceil(bias.length / 4) * 4);
  padded.set(bias);
  return padded;
}

/** Emits a product as one `spmv` call. */
export function lowerProduct(context: LoweringContext, product: Product): void {
  const { operand, columns, addend } = product;
  const packed = packSpmv(
    operand,
    {
      positions: product.positions,
      inputStep: product.inputStep,
      outputStep: product.outputStep,
      outputSlack: product.outputSlack,
      addend: addend === null ? 'zero' : addend === 'output' ? 'output' : 'bias',
      ...(product.activation ? { activation: product.activation } : {}),
    },
    columns,
  );
  const buffers: Place[] = [product.input, { storage: context.image(packed.weights), offset: 0 }];
  if (packed.index) buffers.push({ storage: context.image(packed.index), offset: 0 });
  if (addend instanceof Float32Array) {
    buffers.push({ storage: context.image(paddedBias(addend)), offset: 0 });
  }
  const { columns: pattern } = packed.problem;
  if (pattern.kind === 'lists' && pattern.rowOrder === 'scattered') {
    const scratch = context.allocate([product.positions, scatteredScratchRows(operand.matrix.rows)]);
    buffers.push({ storage: scratch.storage, offset: scratch.offset });
  }
  buffers.push(product.output);
  context.call(
    spmv,
    packed.problem,
    buffers,
    {
      path: packed.path,
      macs: packed.macs,
      weightBytes: packed.weights.byteLength + (packed.index?.byteLength ?? 0),
    },
    packed.schedule,
  );
}

/** Columns that lie `stride` floats apart. */
export function evenColumns(columns: number, stride: number): ColumnPlacement {
  const offset = (column: number): number => column * stride * 4;
  if (stride !== 1 && columns > 1) return { offset };
  return { offset, runs: { runs: 1, runLength: columns, runStep: columns * 4, order: (index) => index } };
}
