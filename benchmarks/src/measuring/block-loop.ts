import { instantiateText, memoryPages } from './instantiate-text.ts';

/** What a product with a vector does with the weights of its blocks, but for finding inputs. */
export interface BlockLoop {
  readonly run: () => void;
  /** Scalar multiply-adds of one call. */
  readonly macs: number;
}

/** Blocks whose rows are pruned: of each some columns of a few rows are left. */
export interface PrunedBlocks {
  readonly blocks: number;
  /** Rows that are left of each, a multiple of four. */
  readonly rows: number;
  /** Columns that are left of each. */
  readonly columns: number;
  /** Rows of the whole matrix. */
  readonly matrixRows: number;
}

/**
 * Builds a loop that multiplies the weights of one block after the other by one number and then adds the sums of the block to its
 * rows, which lie anywhere and so take one addition each. It neither finds inputs nor loads a list of them.
 */
export async function blockLoop({ blocks, rows, columns, matrixRows }: PrunedBlocks): Promise<BlockLoop> {
  const sumsAt = 64;
  const listAt = sumsAt + 4 * matrixRows;
  const listBytes = 2 * rows;
  const weightsAt = Math.ceil((listAt + blocks * listBytes) / 64) * 64;
  const columnBytes = 4 * rows;
  const end = weightsAt + blocks * columns * columnBytes;
  const vectors = Array.from({ length: rows / 4 }, (_, vector) => vector);
  const column = vectors.map(
    (vector) =>
      `(local.set $sum${vector} (f32x4.add (f32x4.mul (local.get $x) (v128.load offset=${16 * vector} (local.get $weight))) (local.get $sum${vector})))`,
  );
  const scatter = Array.from({ length: rows }, (_, row) => [
    `(local.set $at (i32.shl (i32.load16_u offset=${2 * row} (local.get $list)) (i32.const 2)))`,
    `(f32.store offset=${sumsAt} (local.get $at) (f32.add (f32.load offset=${sumsAt} (local.get $at)) (f32x4.extract_lane ${row % 4} (local.get $sum${Math.floor(row / 4)}))))`,
  ]).flat();
  const text = `(module
    (memory (export "memory") ${memoryPages(end)})
    (func (export "run")
      (local $list i32) (local $weight i32) (local $last i32) (local $at i32) (local $x v128)
      ${vectors.map((vector) => `(local $sum${vector} v128)`).join(' ')}
      (local.set $x (f32x4.splat (f32.const 0.5)))
      (local.set $list (i32.const ${listAt}))
      (local.set $weight (i32.const ${weightsAt}))
      (loop $block
        ${vectors.map((vector) => `(local.set $sum${vector} (v128.const f32x4 0 0 0 0))`).join(' ')}
        (local.set $last (i32.add (local.get $weight) (i32.const ${columns * columnBytes})))
        (loop $column
          ${column.join('\n          ')}
          (br_if $column (i32.lt_u (local.tee $weight (i32.add (local.get $weight) (i32.const ${columnBytes}))) (local.get $last))))
        ${scatter.join('\n        ')}
        (local.set $list (i32.add (local.get $list) (i32.const ${listBytes})))
        (br_if $block (i32.lt_u (local.get $weight) (i32.const ${end}))))))`;
  const exports = await instantiateText(text);
  const { buffer } = exports['memory'] as WebAssembly.Memory;
  // Pages that were never written are one page of zeros, which the first cache holds; zeros keep the sums finite.
  new Uint8Array(buffer, weightsAt, end - weightsAt).fill(0);
  const list = new Uint16Array(buffer, listAt, blocks * rows);
  // About every second row, from a place on that moves with the block.
  for (let entry = 0; entry < list.length; entry++) {
    const block = Math.floor(entry / rows);
    list[entry] = (block * 2 * rows + Math.floor((entry % rows) * 1.9)) % matrixRows;
  }
  return { run: exports['run'] as () => void, macs: blocks * columns * rows };
}
