import type { PruneResult } from '../../prune/run-prune.ts';
import type { Terminal } from '../terminal.ts';
import { formatBytes, formatShare } from './format.ts';
import { blocks, labelled } from './lines.ts';
import { renderTable, type Column } from './render-table.ts';
import { renderSearch } from './render-search.ts';
import { renderTraining } from './render-training.ts';
import { shortenNames } from './shorten-names.ts';

/** Columns that only reconstruction fills. */
const ofReconstruction = new Set(['output error', 'by magnitude']);

const columns: readonly Column[] = [
  { title: 'weight' },
  { title: 'matrix', align: 'right' },
  { title: 'block', align: 'right' },
  { title: 'rate', align: 'right' },
  { title: 'energy kept', align: 'right' },
  { title: 'output error', align: 'right' },
  { title: 'by magnitude', align: 'right' },
  { title: 'zeros', align: 'right' },
  { title: 'dense', align: 'right' },
  { title: 'BCRC', align: 'right' },
  { title: 'CSR', align: 'right' },
  { title: 'why dense' },
];

/** What was pruned, for people. */
export function renderPrune(result: PruneResult, terminal: Terminal): string {
  const { weights, totals } = result;
  const names = shortenNames(weights.map(({ layer }) => layer));
  const rows = weights.map((weight) => {
    const start = [`${names.shorten(weight.layer)}:${weight.operand}`, `${weight.rows}x${weight.columns}`];
    const zeros = formatShare(weight.zeros, weight.rows * weight.columns);
    if (weight.outcome === 'dense') {
      return [...start, '', '', '', '', '', zeros, formatBytes(weight.denseBytes), '', '', weight.reason];
    }
    const { block, keptEnergy, denseBytes, bcrcBytes, csrBytes, reconstruction } = weight;
    return [
      ...start,
      `${block.rows}x${block.columns}`,
      rateOf(weight),
      formatShare(keptEnergy, 1),
      ...(reconstruction
        ? [formatShare(reconstruction.outputError, 1), formatShare(reconstruction.magnitudeOutputError, 1)]
        : ['', '']),
      zeros,
      ...[denseBytes, bcrcBytes, csrBytes].map(formatBytes),
      '',
    ];
  });
  const few = weights.filter(
    (weight) => weight.outcome === 'pruned' && weight.reconstruction?.fewVectors === true,
  );
  const clipped = weights.flatMap((weight) =>
    weight.outcome === 'pruned' && weight.clippedFrom
      ? `${names.shorten(weight.layer)}:${weight.operand} from ${weight.clippedFrom.rows}x${weight.clippedFrom.columns}`
      : [],
  );
  const cutOff = weights.flatMap((weight) =>
    weight.outcome === 'pruned' && weight.inputsCutOff > 0
      ? `${weight.inputsCutOff} of ${names.shorten(weight.layer)}:${weight.operand}`
      : [],
  );
  const shown = columns.map(({ title }) => result.method === 'reconstruct' || !ofReconstruction.has(title));
  const visible = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => shown[index] === true);
  return blocks(
    result.search ? renderSearch(result.search, names, terminal) : '',
    renderTable(visible(columns), rows.map(visible), terminal),
    labelled([
      ...(result.calibrationRuns === 0 ? [] : ([['calibration', `${result.calibrationRuns} runs`]] as const)),
      ...(few.length === 0
        ? []
        : ([
            [
              'few inputs',
              `${few.map(({ layer, operand }) => `${names.shorten(layer)}:${operand}`).join(', ')}: fewer vectors than columns, held closer to what they were`,
            ],
          ] as const)),
      ...(clipped.length === 0 ? [] : ([['blocks clipped', clipped.join(', ')]] as const)),
      ...(cutOff.length === 0 ? [] : ([['inputs cut off', cutOff.join(', ')]] as const)),
      ...(names.prefix === '' ? [] : ([['names start with', names.prefix]] as const)),
      [
        'weights',
        `${formatBytes(totals.denseBytes)} dense, ${formatBytes(totals.storedBytes)} stored, ` +
          `${formatShare(totals.zeros, totals.elements)} zeros`,
      ],
      [
        'written',
        `${result.output} (${formatBytes(result.outputBytes)}, gzip ${formatBytes(result.outputGzipBytes)}); ` +
          `${result.file} has ${formatBytes(result.fileBytes)}`,
      ],
    ]),
    result.training
      ? renderTraining(result.training)
      : weights.every(({ outcome }) => outcome === 'dense')
        ? 'Nothing was pruned.'
        : 'Nothing was retrained: measure the accuracy of the result before using it.',
  );
}

/** Rates that whole rows and columns miss by more than this say what was asked for. */
const nearRate = 0.95;

function rateOf({
  achievedRate,
  requestedRate,
}: Extract<PruneResult['weights'][number], { readonly outcome: 'pruned' }>): string {
  const achieved = `${achievedRate.toFixed(2)}x`;
  return achievedRate < nearRate * requestedRate
    ? `${achieved} of ${Number(requestedRate.toPrecision(3))}x`
    : achieved;
}
