import { accountBytes } from '@grim/bcr';
import { lowerGraph } from '@grim/kernels';
import type { Row } from '../../results/benchmark-result.ts';
import { layerRow } from './layer-row.ts';
import { describeShape } from './layer-shape.ts';
import { layerGraph } from './layer-graph.ts';
import { usefulMacs, type Layer } from './layer.ts';
import { isPrunable, pruneWeights } from './pruning.ts';

/** Block sizes looked at. */
const sizes = [
  [4, 16],
  [8, 32],
  [16, 64],
] as const;

/** What a layer stores beside its non-zeros at several block sizes, rows pruned 2× and columns 4×. */
export function accountBlocks(layer: Layer): Row[] {
  if (!isPrunable(layer)) return [];
  return sizes.map(([blockRows, blockColumns]) => {
    const weights = pruneWeights(layer, { blockRows, blockColumns, rowRate: 2, columnRate: 4 });
    const program = lowerGraph(layerGraph(layer, weights));
    const accounts = weights.map(({ matrix }) => accountBytes(matrix, { blockRows, blockColumns }));
    const indices = accounts.reduce((sum, { bcrc }) => sum + bcrc.indices, 0);
    const csrIndices = accounts.reduce((sum, { csr }) => sum + csr.indices, 0);
    const blocks = `${blockRows}×${blockColumns}`;
    return layerRow({
      kind: `blocks-${blockRows}x${blockColumns}`,
      layer: layer.shape.name,
      shape: describeShape(layer.shape),
      blocks,
      padding: program.calls.reduce((sum, { macs }) => sum + macs, 0) / usefulMacs(weights),
      index_bytes: indices,
      csr_index_bytes: csrIndices,
      index_bytes_vs_csr: indices / csrIndices,
    });
  });
}
