import { integer, type Expression, type KernelBuilder } from '@grim/kernels';

/** Bytes of a float, and floats of a vector. */
export const BYTES = 4;
export const LANES = 4;

/** Where a sum in a vector begins. */
export const zero: Expression = { op: 'constant', type: 'f32x4', value: 0 };

/**
 * Divides a range into tiles: a loop over the whole ones, then what is left.
 *
 * @param builder - Receives the loop.
 * @param name - Of its index.
 * @param range - End of the range, and how long a tile is.
 * @param body - Emits a tile from its first element and its length.
 */
export function tilesOf(
  builder: KernelBuilder,
  name: string,
  { to, tile }: { readonly to: number; readonly tile: number },
  body: (first: Expression, length: number) => void,
): void {
  const rest = to % tile;
  builder.loop(name, { to: to - rest, step: tile }, (first) => {
    body(first, tile);
  });
  if (rest > 0) body(integer(to - rest), rest);
}
