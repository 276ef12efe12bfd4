import { columnLoop } from '../../measuring/column-loop.ts';
import {
  multiplyAddPeak,
  relaxedMultiplyAdd,
  type MultiplyAddPeak,
} from '../../measuring/multiply-add-peak.ts';
import { compileRelaxed } from '../layers/compile-relaxed.ts';
import { grimSide } from '../layers/grim-side.ts';
import { describeShape, type ConvShape } from '../layers/layer-shape.ts';
import { makeLayer } from '../layers/layer.ts';
import { pruneWeights, rowsAndColumns } from '../layers/pruning.ts';
import { timeSides, type Timing } from '../layers/time-sides.ts';
import type { InnerLoopRow } from './inner-loop-row.ts';

/** Parts of tiles that kernels of two rows keep in registers at once. */
const parts = [
  { rows: 1, vectors: 7 },
  { rows: 2, vectors: 3 },
  { rows: 2, vectors: 4 },
] as const;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Layers pruned 8×, with the multiply-add of relaxed SIMD, beside the loops over columns that they consist of. */
export async function measureColumns(shapes: readonly ConvShape[], timing: Timing): Promise<InnerLoopRow[]> {
  const peak = await multiplyAddPeak(relaxedMultiplyAdd);
  const loops = await Promise.all(
    parts.map(async ({ rows, vectors }) => ({
      kind: 'columns' as const,
      shape: `${plural(rows, 'row')} × ${plural(vectors, 'vector')}`,
      side: 'loop over columns',
      ...(await columnLoop(rows, vectors, relaxedMultiplyAdd)),
    })),
  );
  const layers = await Promise.all(
    shapes.map(async (shape) => {
      const layer = makeLayer('inner-loops', shape);
      const { run, macs } = await grimSide(layer, pruneWeights(layer, rowsAndColumns.conv), {
        compile: compileRelaxed,
      });
      return { kind: 'image' as const, shape: describeShape(shape), side: 'GRIM pruned', run, macs };
    }),
  );
  const all = [...loops, ...layers];
  const named: Record<string, MultiplyAddPeak> = { peak };
  for (const [index, side] of all.entries()) named[`side${index}`] = side;
  const { sides, ratio } = await timeSides(named, timing);
  return all.map(({ kind, shape, side, macs }, index) => {
    const key = `side${index}`;
    const time = sides[key]?.p50 ?? Number.NaN;
    return {
      kind,
      shape,
      side,
      time_us: time,
      useful_gmacs: macs / time / 1000,
      peak_fraction: macs / peak.macs / ratio(key, 'peak'),
      vs_csr: null,
    };
  });
}
