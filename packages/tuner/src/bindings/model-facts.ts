import type { Fact } from '@grim/bindings';
import { describeLayers, type Graph, type Provenance } from '@grim/ir';
import type { BlockSize } from '@grim/prune';
import { recordedPruning } from '../prune/recorded-pruning.ts';
import type { PruneSettings } from '../prune/prune-settings.ts';

/** Where a model comes from and how it was pruned: the same for the same model, whenever and wherever it is compiled. */
export function modelFacts(graph: Graph, provenance: Provenance): Fact[] {
  const { grimVersion, importer, sourceFile, sourceSha256 } = provenance;
  return [
    { label: 'Model', text: graph.name },
    ...(sourceFile === undefined ? [] : [{ label: 'Source', text: sourceFile }]),
    ...(sourceSha256 === undefined ? [] : [{ label: 'SHA-256 of the source', text: sourceSha256 }]),
    {
      label: 'Written by',
      text: [`GRIM ${grimVersion}`, ...(importer === undefined ? [] : [importer])].join(', '),
    },
    ...recordedPruning(provenance).map((settings) => ({ label: 'Pruned', text: pruningText(settings) })),
    { label: 'Weights', text: weightsText(graph) },
  ];
}

function pruningText({ method, rate, block, split }: PruneSettings): string {
  const rateText = typeof rate === 'number' ? String(rate) : byPattern(rate, String);
  const blockText = isBlock(block) ? formatBlock(block) : byPattern(block, formatBlock);
  const part = split === 'both' ? 'rows and columns' : split;
  return `by ${method}, rate ${rateText}, ${part} of blocks of ${blockText}`;
}

function isBlock(block: PruneSettings['block']): block is BlockSize {
  return typeof block['rows'] === 'number';
}

function formatBlock({ rows, columns }: BlockSize): string {
  return `${rows} × ${columns}`;
}

/** One value per pattern of layers: `conv*: 2, *: 4`. */
function byPattern<T>(values: Readonly<Record<string, T>>, format: (value: T) => string): string {
  return Object.entries(values)
    .map(([pattern, value]) => `${pattern}: ${format(value)}`)
    .join(', ');
}

function weightsText(graph: Graph): string {
  // A weight that layers share counts once.
  const matrices = new Map(
    describeLayers(graph).flatMap(({ matrices: own }) =>
      own.map((matrix) => [matrix.value, matrix] as const),
    ),
  );
  let [elements, zeros] = [0, 0];
  for (const { rows, columns, zeros: own } of matrices.values()) {
    elements += rows * columns;
    zeros += own;
  }
  const share = elements === 0 ? '' : `, ${((100 * zeros) / elements).toFixed(1)} % of them zero`;
  return `${elements} in ${matrices.size === 1 ? 'one matrix' : `${matrices.size} matrices`}${share}`;
}
