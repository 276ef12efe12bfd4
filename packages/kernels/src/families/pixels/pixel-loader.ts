import { deinterleave } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { loadApart, loadVector, splatElement, type Floats } from '../floats.ts';
import type { PixelGrid, PixelTile } from './pixel-tiles.ts';

/**
 * Gives loads of a vector of inputs of a tile, at byte `rowOffset` + `pixelOffset` (neither negative) from its first.
 *
 * Every second pixel comes from two whole vectors, which serve the pixels between them too: taps that are neighbours share
 * them.
 */
export function pixelLoader(
  builder: KernelBuilder,
  floats: Floats,
  grid: PixelGrid,
  tile: PixelTile,
): (rowOffset: number, pixelOffset: number) => Expression {
  const { bytes, vectorBytes } = floats;
  const step = grid.inputPixelStep;
  const vectors = new Map<number, Expression>();
  const vectorAt = (offset: number): Expression => {
    const known = vectors.get(offset);
    if (known) return known;
    const vector = builder.declare('pair', loadVector(floats, 'input', tile.source, offset));
    vectors.set(offset, vector);
    return vector;
  };
  return (rowOffset, pixelOffset) => {
    if (tile.pixels === 1 && step !== bytes) {
      return splatElement(floats, 'input', tile.source, rowOffset + pixelOffset);
    }
    if (step !== 2 * bytes) return loadApart(floats, 'input', tile.source, rowOffset + pixelOffset, step);
    const odd = pixelOffset % step === bytes;
    const first = rowOffset + pixelOffset - (odd ? bytes : 0);
    return deinterleave(odd ? 'odd' : 'even', vectorAt(first), vectorAt(first + vectorBytes));
  };
}
