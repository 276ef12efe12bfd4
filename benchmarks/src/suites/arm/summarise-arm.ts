import type { Row, Summary } from '../../results/benchmark-result.ts';
import { armLayers, pointwise, pointwisePruning } from './arm-layers.ts';
import { describePruning } from './describe-pruning.ts';
import { zerosAnywhere } from './xnnpack/measure-xnnpack.ts';

/** Instructions per multiply-add of the rows that match; of several compilers those of the worst. */
function worst(rows: readonly Row[], match: Row): number | undefined {
  const values = rows
    .filter((row) => Object.entries(match).every(([column, value]) => row[column] === value))
    .map((row) => Number(row['per_mac']));
  return values.length === 0 ? undefined : Math.max(...values);
}

/** Instructions per multiply-add with a weight that is not zero, and how they compare with those of XNNPACK's sparse operator. */
export function summariseArm(rows: readonly Row[]): Summary {
  const summary: Record<string, number> = {};
  for (const { shape, pruning, element = 'f32', key } of armLayers) {
    if (key === undefined) continue;
    const value = worst(rows, {
      side: 'GRIM',
      layer: shape.name,
      pruning: describePruning(pruning),
      floats: element,
    });
    if (value !== undefined) summary[key] = value;
  }
  const own = summary['spmm_insn_per_mac'];
  const sparse = (pruning: string): number | undefined =>
    worst(rows, { side: 'XNNPACK, sparse', layer: pointwise.name, pruning });
  const compared = {
    spmm_vs_xnnpack_sparse_insn: sparse(zerosAnywhere),
    spmm_vs_xnnpack_same_weights_insn: sparse(describePruning(pointwisePruning)),
  };
  for (const [key, other] of Object.entries(compared)) {
    if (own !== undefined && other !== undefined) summary[key] = own / other;
  }
  return summary;
}
