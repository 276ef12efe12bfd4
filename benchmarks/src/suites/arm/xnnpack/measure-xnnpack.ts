import type { Row } from '../../../results/benchmark-result.ts';
import { grimSide } from '../../layers/grim-side.ts';
import { makeLayer } from '../../layers/layer.ts';
import { pruneWeights } from '../../layers/pruning.ts';
import { pointwise, pointwisePruning } from '../arm-layers.ts';
import { describePruning } from '../describe-pruning.ts';
import { countXnnpack, type XnnpackCase } from './count-xnnpack.ts';
import { withoutSmallest } from './without-smallest.ts';
import type { XnnpackProgram } from './xnnpack-program.ts';

/** What the sparse operator is given where zeros lie anywhere, in words. */
export const zerosAnywhere = 'zeros anywhere, 10×';

/**
 * Counts XNNPACK on the 1×1 convolution: with zeros anywhere, as it takes them; with the weights that GRIM is given, which it packs
 * by four rows where those share their columns; and dense.
 *
 * @throws Error when it computes something else than GRIM.
 */
export async function measureXnnpack(program: XnnpackProgram): Promise<Row[]> {
  const layer = makeLayer('arm', pointwise);
  const { rowRate, columnRate } = pointwisePruning;
  const anywhere = layer.weights.map((weight) => withoutSmallest(weight, rowRate * columnRate));
  const inBlocks = pruneWeights(layer, pointwisePruning);
  const base = { shape: pointwise, layer };
  const cases: readonly XnnpackCase[] = [
    { ...base, weights: anywhere, operator: 'sparse', pruning: zerosAnywhere },
    { ...base, weights: inBlocks, operator: 'sparse', pruning: describePruning(pointwisePruning) },
    { ...base, weights: layer.weights, operator: 'dense', pruning: describePruning(undefined) },
  ];
  const rows: Row[] = [];
  for (const operand of cases) {
    const { output } = await grimSide(layer, operand.weights);
    rows.push(countXnnpack(program, operand, output));
  }
  return rows;
}
