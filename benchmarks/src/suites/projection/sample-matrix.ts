import type { Matrix } from '@grim/bcr';

/** Kinds of weights: without structure, and with rows and columns of very different strength. */
export const weightKinds = ['normal', 'scaled'] as const;

/** A matrix of seeded weights; in `scaled` each row and column has a log-normal strength of its own. */
export function sampleMatrix(
  kind: (typeof weightKinds)[number],
  rows: number,
  columns: number,
  seed: number,
): Matrix {
  const normal = normals(seed);
  const strengths = (length: number): number[] =>
    Array.from({ length }, () => (kind === 'normal' ? 1 : Math.exp(normal() / 2)));
  const ofRows = strengths(rows);
  const ofColumns = strengths(columns);
  const values = new Float32Array(rows * columns);
  for (let index = 0; index < values.length; index++) {
    values[index] = normal() * (ofRows[Math.floor(index / columns)] ?? 1) * (ofColumns[index % columns] ?? 1);
  }
  return { rows, columns, values };
}

/** Normal deviates by the method of Box and Muller from a 32-bit linear congruential generator. */
function normals(seed: number): () => number {
  let state = (seed * 2_654_435_769) >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
