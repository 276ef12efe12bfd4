import { GrimError } from '@grim/ir';
import type { BlockSize } from '../selection/prune-options.ts';
import type { WeightUse } from '../selection/weight-use.ts';

/** Rows that kernels compute together, and a multiple of them. */
const rowsTried = [4, 8, 16, 32, 64] as const;

/** From one vector of column lists to lists as long as those of most whole layers. */
const columnsTried = [16, 32, 64, 128, 256] as const;

/** A block that a search looks at. */
export interface LookedAtBlock {
  readonly block: BlockSize;
  /** Why it cannot be used. */
  readonly refused?: string;
}

/**
 * The blocks that a search looks at, from the finest to the coarsest, which is the whole matrix, or all of one gate.
 *
 * @param use - The weight: blocks are clipped to it. Default blocks that would span two gates are left out, given ones refused.
 * @param given - Blocks to look at in place of the default ones.
 * @throws `GrimError` when there are none, or when extents of these are no positive integers.
 */
export function candidateBlocks(
  { rows, rowsPerGate, columns }: Pick<WeightUse, 'columns' | 'rows' | 'rowsPerGate'>,
  given?: readonly BlockSize[],
): LookedAtBlock[] {
  if (given?.length === 0) throw new GrimError('there are no blocks to look at');
  const blocks =
    given ??
    [...rowsTried, rows].flatMap((height) =>
      [...columnsTried, columns].map((width) => ({ rows: height, columns: width })),
    );
  for (const block of blocks) {
    if ([block.rows, block.columns].some((extent) => !Number.isInteger(extent) || extent < 1)) {
      throw new GrimError(
        `blocks of ${block.rows}x${block.columns} are not possible: both extents must be positive integers`,
      );
    }
  }
  const clipped = blocks.map((block) => ({
    rows: Math.min(block.rows, rowsPerGate),
    columns: Math.min(block.columns, columns),
  }));
  const distinct = new Map(clipped.map((block) => [`${block.rows}x${block.columns}`, block]));
  return [...distinct.values()]
    .sort((a, b) => a.rows * a.columns - b.rows * b.columns || a.rows - b.rows)
    .flatMap((block): LookedAtBlock[] => {
      if (rowsPerGate === rows || rowsPerGate % block.rows === 0) return [{ block }];
      return given ? [{ block, refused: `would span two gates of ${rowsPerGate} rows` }] : [];
    });
}
