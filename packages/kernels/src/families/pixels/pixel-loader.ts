import { deinterleave, load, loadSplat, loadStrided } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import type { PixelGrid, PixelTile } from './pixel-tiles.ts';

/**
 * Gives loads of four inputs of a tile, at byte `rowOffset` + `pixelOffset` (neither negative) from its first.
 *
 * Every second pixel comes from two whole vectors, which serve the pixels between them too: taps that are neighbours share
 * them.
 */
export function pixelLoader(
  builder: KernelBuilder,
  grid: PixelGrid,
  tile: PixelTile,
): (rowOffset: number, pixelOffset: number) => Expression {
  const step = grid.inputPixelStep;
  const vectors = new Map<number, Expression>();
  const vectorAt = (offset: number): Expression => {
    const known = vectors.get(offset);
    if (known) return known;
    const vector = builder.declare('pair', load('f32x4', 'input', tile.source, offset));
    vectors.set(offset, vector);
    return vector;
  };
  return (rowOffset, pixelOffset) => {
    if (tile.pixels === 1 && step !== 4) return loadSplat('input', tile.source, rowOffset + pixelOffset);
    if (step !== 8) return loadStrided('input', tile.source, rowOffset + pixelOffset, step);
    const odd = pixelOffset % 8 === 4;
    const first = rowOffset + pixelOffset - (odd ? 4 : 0);
    return deinterleave(odd ? 'odd' : 'even', vectorAt(first), vectorAt(first + 16));
  };
}
