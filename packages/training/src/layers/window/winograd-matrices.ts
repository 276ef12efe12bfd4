/**
 * Matrices of minimal filtering of four outputs with three weights, `F(4×4, 3×3)` (Lavin and Gray 2016, section 4.3): with a tile `d` of
 * 6×6 elements and a kernel `g`, the 4×4 outputs are `Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A`. The points are 0, 1, −1, 2, −2 and infinity.
 */
export const winograd = {
  /** Outputs along one axis of a tile. */
  outputs: 4,
  /** Elements of the kernel along one axis. */
  kernel: 3,
  /** Elements along one axis of a tile, and of what it becomes. */
  inputs: 6,
  /** `Bᵀ` */
  ofTile: [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
  ],
  /** `G` */
  ofKernel: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  /** `Aᵀ` */
  toOutputs: [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
  ],
} as const;

/** Rows as columns. */
export function transposed(matrix: readonly (readonly number[])[]): number[][] {
  return Array.from(matrix[0] ?? [], (_, column) => matrix.map((row) => row[column] ?? 0));
}
