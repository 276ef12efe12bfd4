import type { Row } from '../../results/benchmark-result.ts';
import { breakEvenRate } from './break-even-rate.ts';
import { grimSide } from './grim-side.ts';
import { layerRow } from './layer-row.ts';
import { describeShape } from './layer-shape.ts';
import type { Layer } from './layer.ts';
import { isPrunable, pruneWeights } from './pruning.ts';
import { timeSides, type Timing } from './time-sides.ts';

/** Rates measured. */
const rates = [1.1, 1.25, 1.5, 2, 3] as const;

/**
 * Finds the rate from which on a layer is faster pruned than dense.
 *
 * @returns A row, without a rate when even the highest measured is not faster; `undefined` for layers that are not pruned.
 */
export async function measureBreakEven(layer: Layer, timing: Timing): Promise<Row | undefined> {
  if (!isPrunable(layer)) return undefined;
  const blocks =
    layer.shape.kind === 'conv' ? { blockRows: 8, blockColumns: 32 } : { blockRows: 32, blockColumns: 256 };
  const sides: Record<string, Awaited<ReturnType<typeof grimSide>>> = { dense: await grimSide(layer) };
  const dense: number[] = [];
  for (const rate of rates) {
    // As at 8×: columns are pruned by the square of what rows are.
    const rowRate = Math.cbrt(rate);
    const pruning = { ...blocks, rowRate, columnRate: rate / rowRate };
    const side = await grimSide(layer, pruneWeights(layer, pruning));
    if (side.path?.includes('sparse') !== true) dense.push(rate);
    else sides[String(rate)] = side;
  }
  const { ratio } = await timeSides(sides, timing);
  const found = breakEvenRate(
    rates.map((rate) => ({ rate, time: dense.includes(rate) ? undefined : ratio(String(rate), 'dense') })),
  );
  return layerRow({
    kind: 'break-even',
    layer: `${layer.model} ${layer.shape.name}`,
    shape: describeShape(layer.shape),
    blocks: `${blocks.blockRows}×${blocks.blockColumns}`,
    ...(found !== undefined && { break_even_rate: found }),
  });
}
