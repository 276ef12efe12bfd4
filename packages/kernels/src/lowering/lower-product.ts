import { scatteredScratchRows } from '../families/spmv/lower-scattered.ts';
import { spmv } from '../families/spmv/spmv.ts';
import type { LoweringContext } from './lowering-context.ts';
import { packSpmv, type ColumnPlacement, type PackedSpmv } from './pack-spmv.ts';
import { productShape, type Place, type Product } from './product.ts';
import { splitProduct } from './split-product.ts';

/** Rounds the addend up to whole vectors, so that kernels can load it whole. */
function paddedBias(bias: Float32Array, lanes: number): Float32Array {
  const padded = new Float32Array(Math.ceil(bias.length / lanes) * lanes);
  padded.set(bias);
  return padded;
}

/** Emits one `spmv` call. */
function emitProduct(context: LoweringContext, product: Product, packed: PackedSpmv): void {
  const { addend } = product;
  const buffers: Place[] = [product.input, { storage: context.image(packed.weights), offset: 0 }];
  if (packed.index) buffers.push({ storage: context.image(packed.index), offset: 0 });
  if (addend instanceof Float32Array) {
    buffers.push({ storage: context.image(paddedBias(addend, context.floats.lanes)), offset: 0 });
  }
  const { columns: pattern } = packed.problem;
  if (pattern.kind === 'lists' && pattern.rowOrder === 'scattered') {
    const scratch = context.allocate([
      product.positions,
      scatteredScratchRows(packed.problem.rows, product.element),
    ]);
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
      weightBytes: context.imageBytes(packed.weights) + (packed.index?.byteLength ?? 0),
    },
    packed.schedule,
  );
}

/** Emits a product as one `spmv` call, or as several of one stage for threads. */
export function lowerProduct(context: LoweringContext, product: Product): void {
  const packed = packSpmv(product.operand, productShape(product), product.columns, context.target);
  const parts = splitProduct(product, packed, context.threads);
  context.together(() => {
    for (const part of parts) emitProduct(context, part.product, part.packed);
  });
}

/** Columns that lie `stride` elements of `bytes` bytes apart. */
export function evenColumns(columns: number, stride: number, bytes: number): ColumnPlacement {
  const offset = (column: number): number => column * stride * bytes;
  if (stride !== 1 && columns > 1) return { offset };
  return { offset, runs: { runs: 1, runLength: columns, runStep: columns * bytes, order: (index) => index } };
}
