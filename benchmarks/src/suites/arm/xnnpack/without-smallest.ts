import type { LayerWeight } from '../../layers/layer.ts';

/**
 * A weight with zeros anywhere: of `rate` elements the largest is left, wherever they lie.
 *
 * @param rate - Elements divided by elements that are left.
 */
export function withoutSmallest(weight: LayerWeight, rate: number): LayerWeight {
  const { values } = weight.matrix;
  const left = Math.round(values.length / rate);
  const limit = [...values].map(Math.abs).sort((a, b) => b - a)[left - 1] ?? 0;
  const pruned = values.map((value) => (Math.abs(value) < limit ? 0 : value));
  return { ...weight, matrix: { ...weight.matrix, values: pruned } };
}
