import type { BenchResult } from '../../bench/run-bench.ts';
import type { Terminal } from '../terminal.ts';
import { executionLines } from './execution-lines.ts';
import { formatBytes, formatCount, formatRatio, formatShare, formatTime } from './format.ts';
import { blocks, labelled } from './lines.ts';
import { renderTable } from './render-table.ts';
import { shortenNames } from './shorten-names.ts';

/** Times for people. */
export function renderBench(result: BenchResult, terminal: Terminal): string {
  const { sides, ratios, bytes, environment } = result;
  return blocks(
    renderTable(
      [
        { title: 'side' },
        { title: 'threads', align: 'right' },
        { title: 'p50', align: 'right' },
        { title: 'p99', align: 'right' },
        { title: 'runs', align: 'right' },
        { title: 'time of grim / time of this', align: 'right' },
      ],
      sides.map(({ name, threads, p50, p99, runs }) => [
        name,
        String(threads),
        formatTime(p50),
        formatTime(p99),
        formatCount(runs),
        ratios.find(({ baseline }) => baseline === name)?.ratio.toFixed(3) ?? '',
      ]),
      terminal,
    ),
    result.calls ? renderCalls(result.calls, terminal) : undefined,
    labelled([
      ...(bytes
        ? ([
            [
              'weights',
              `${formatBytes(bytes.dense)} dense, ${formatBytes(bytes.stored)} stored, ` +
                `${formatBytes(bytes.gzip)} stored and gzip, ${formatBytes(bytes.csr)} CSR`,
            ],
          ] as const)
        : []),
      ...paddingLine(result.padding),
      ...executionLines(result),
      [
        'measured',
        `${result.rounds} interleaved rounds, random inputs; ${environment.cpu} (${environment.cores} cores), ` +
          `node ${environment.node}, V8 ${environment.v8}, ${environment.platform}, ${environment.features.join(' ')}`,
      ],
    ]),
  );
}

/** The most padded layer stands for all of them. */
function paddingLine(layers: BenchResult['padding']): (readonly [string, string])[] {
  const [first, ...others] = layers;
  if (!first) return [];
  const most = others.reduce((worst, layer) => (layer.padding > worst.padding ? layer : worst), first);
  return [['padding', `at most ${formatRatio(most.padding)} stored weights per non-zero (${most.layer})`]];
}

function renderCalls(calls: NonNullable<BenchResult['calls']>, terminal: Terminal): string {
  const names = shortenNames(
    calls.map(({ layer }) => layer).filter((layer) => layer !== 'outputs' && layer !== 'states'),
  );
  const total = calls.reduce((sum, { p50 }) => sum + p50, 0);
  return renderTable(
    [
      { title: 'layer' },
      { title: 'family' },
      { title: 'path' },
      { title: 'p50', align: 'right' },
      { title: 'share', align: 'right' },
      { title: 'GMAC/s', align: 'right' },
      { title: 'padding', align: 'right' },
      { title: 'MACs done', align: 'right' },
      { title: 'bytes moved', align: 'right' },
      { title: 'ops per byte', align: 'right' },
    ],
    calls.map(({ layer, family, path, p50, macs, padding, estimate }) => [
      names.shorten(layer),
      family,
      path,
      formatTime(p50),
      formatShare(p50, total),
      macs > 0 ? (macs / p50 / 1000).toFixed(1) : '',
      formatRatio(padding),
      estimate && estimate.multiplyAdds > 0 ? formatCount(estimate.multiplyAdds) : '',
      estimate ? formatBytes(estimate.movedBytes) : '',
      formatRatio(estimate?.intensity ?? null),
    ]),
    terminal,
  );
}
