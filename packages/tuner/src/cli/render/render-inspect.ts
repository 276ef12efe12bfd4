import { formatShape } from '@grim/ir';
import type { LayerReport } from '../../inspect/layer-report.ts';
import type { InspectResult } from '../../inspect/run-inspect.ts';
import { pruneOption, recordedPruning } from '../../prune/recorded-pruning.ts';
import { addWeightBytes } from '../../reports/weight-bytes.ts';
import type { Terminal } from '../terminal.ts';
import { describePruning } from './describe-pruning.ts';
import { formatBytes, formatCount, formatRatio, formatShare } from './format.ts';
import { blocks, formatPorts, labelled } from './lines.ts';
import { renderTable, type Column } from './render-table.ts';
import { shortenNames, type ShortenedNames } from './shorten-names.ts';

const right = 'right';

const layerColumns: readonly Column[] = [
  { title: 'layer' },
  { title: 'kind' },
  { title: 'output' },
  { title: 'MACs', align: right },
  { title: 'parameters', align: right },
  { title: 'zeros', align: right },
  { title: 'dense', align: right },
  { title: 'stored', align: right },
  { title: 'gzip', align: right },
  { title: 'CSR', align: right },
  { title: 'padding', align: right },
  { title: 'MACs done', align: right },
  { title: 'bytes moved', align: right },
  { title: 'ops per byte', align: right },
  { title: 'prunable' },
  { title: 'path' },
];

const callColumns: readonly Column[] = [
  { title: 'layer' },
  { title: 'family' },
  { title: 'path' },
  { title: 'MACs', align: right },
  { title: 'weights', align: right },
  { title: 'padding', align: right },
];

/** A model for people. */
export function renderInspect(result: InspectResult, terminal: Terminal): string {
  const { layers, calls } = result;
  const names = shortenNames([...layers.map(({ name }) => name)]);
  const ofCalls = shortenNames(calls.map(({ layer }) => layer).filter((layer) => !isBoundary(layer)));
  return blocks(
    header(result),
    layers.length > 0
      ? renderTable(
          layerColumns,
          [...layers.map((layer) => layerRow(layer, names)), totalsRow(result)],
          terminal,
        )
      : renderTable(
          callColumns,
          calls.map((call) => [
            ofCalls.shorten(call.layer),
            call.family,
            call.path,
            formatCount(call.macs),
            formatBytes(call.weightBytes),
            formatRatio(call.padding),
          ]),
          terminal,
        ),
    prefixNote(layers.length > 0 ? names : ofCalls),
    result.refused === null ? undefined : labelled([['cannot be compiled', result.refused]]),
  );
}

function header(result: InspectResult): string {
  const { compiled, provenance } = result;
  const prunings = recordedPruning(provenance);
  const source = [
    provenance.sourceFile,
    provenance.sourceSha256 && `SHA-256 ${provenance.sourceSha256.slice(0, 16)}…`,
    provenance.importer,
  ].filter((part) => part !== undefined && part !== '');
  return labelled([
    [
      'file',
      `${result.file} (${result.format}, ${formatBytes(result.fileBytes)}, gzip ${formatBytes(result.fileGzipBytes)})`,
    ],
    ['model', result.name],
    ['inputs', formatPorts(result.inputs)],
    ['outputs', formatPorts(result.outputs)],
    ['states', formatPorts(result.states)],
    ...(compiled
      ? ([
          [
            'compiled',
            `code ${formatBytes(compiled.codeBytes)}, image ${formatBytes(compiled.imageBytes)}, ` +
              `memory ${formatBytes(compiled.memoryBytes)}, needs ${compiled.features.join(', ') || 'nothing'}`,
          ],
          ...(compiled.relaxedFeatures
            ? ([['relaxed code', `needs ${compiled.relaxedFeatures.join(', ')}`]] as const)
            : []),
          ['threads', `at most ${compiled.threads}`],
        ] as const)
      : []),
    ['source', source.join(', ') || 'unknown'],
    ...Object.entries(provenance.options).flatMap(([name, value]): [string, string][] =>
      name === pruneOption && prunings.length > 0
        ? prunings.map((settings) => ['pruned', describePruning(settings)])
        : [[name, value]],
    ),
    ['written by', `GRIM ${provenance.grimVersion}`],
  ]);
}

function layerRow(layer: LayerReport, names: ShortenedNames): string[] {
  const { matrices, estimate } = layer;
  const bytes = addWeightBytes(matrices.map((matrix) => matrix.bytes));
  const weights = matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const zeros = matrices.reduce((sum, matrix) => sum + matrix.zeros, 0);
  const some = matrices.length > 0;
  const size = (value: number): string => (some ? formatBytes(value) : '');
  return [
    names.shorten(layer.name),
    layer.kind,
    layer.outputShapes.map(formatShape).join(' '),
    layer.macs > 0 ? formatCount(layer.macs) : '',
    layer.parameters > 0 ? formatCount(layer.parameters) : '',
    some ? formatShare(zeros, weights) : '',
    size(bytes.dense),
    size(bytes.stored),
    size(bytes.gzip),
    size(bytes.csr),
    formatRatio(layer.padding),
    estimate && estimate.multiplyAdds > 0 ? formatCount(estimate.multiplyAdds) : '',
    estimate ? formatBytes(estimate.movedBytes) : '',
    formatRatio(estimate?.intensity ?? null),
    some ? prunable(layer) : '',
    path(layer),
  ];
}

function prunable({ matrices }: LayerReport): string {
  const reasons = new Set(
    matrices.map(({ unprunable }) => (unprunable === null ? 'yes' : `no: ${unprunable}`)),
  );
  return [...reasons].join('; ');
}

/** The distinct paths of a layer's calls. A layer without calls is a view, or its reader computes it on the way. */
function path({ calls }: LayerReport): string {
  return calls.length > 0 ? [...new Set(calls.map((call) => call.path))].join('; ') : 'no call of its own';
}

function totalsRow({ totals }: InspectResult): string[] {
  if (!totals) return [];
  const { bytes } = totals;
  return [
    'total',
    '',
    '',
    formatCount(totals.macs),
    formatCount(totals.parameters),
    formatShare(totals.zeros, totals.weights),
    formatBytes(bytes.dense),
    formatBytes(bytes.stored),
    formatBytes(bytes.gzip),
    formatBytes(bytes.csr),
    '',
    '',
    '',
    '',
    '',
    '',
  ];
}

function isBoundary(layer: string): boolean {
  return layer === 'outputs' || layer === 'states';
}

function prefixNote({ prefix }: ShortenedNames): string | undefined {
  return prefix === '' ? undefined : labelled([['names start with', prefix]]);
}
