import type { BlockSearch, RateChoice, Sensitivity } from '@grim/prune';
import type { SearchReport } from '../../prune/search-report.ts';
import type { Terminal } from '../terminal.ts';
import { formatBytes, formatCount, formatShare, formatTime } from './format.ts';
import { blocks, labelled } from './lines.ts';
import { renderTable } from './render-table.ts';
import type { ShortenedNames } from './shorten-names.ts';

/** What was searched, for people. */
export function renderSearch(
  { blocks: found, sensitivity, rates, network, latencyTarget }: SearchReport,
  names: ShortenedNames,
  terminal: Terminal,
): string {
  const source = (found ?? sensitivity)?.latency;
  const latency = source?.kind === 'measurement' ? 'measured' : 'estimated';
  return blocks(
    found ? renderBlocks(found, names, terminal) : '',
    sensitivity ? renderSensitivity(sensitivity, rates, names, terminal) : '',
    labelled([
      ['latencies', `${latency}: ${source?.device ?? ''}`],
      [
        'a run',
        `${formatTime(network.denseSeconds * 1e6)} dense, ${formatTime(network.prunedSeconds * 1e6)} pruned (${latency})`,
      ],
      ...(rates ? [['target', describeTarget(rates)] as const] : []),
      ...(latencyTarget?.reached === false
        ? [
            [
              'missed',
              `by ${formatShare(network.prunedSeconds - latencyTarget.seconds, latencyTarget.seconds)}`,
            ] as const,
          ]
        : []),
    ]),
  );
}

function joined(weights: readonly string[], names: ShortenedNames): string {
  return weights.map((weight) => names.shorten(weight)).join(', ');
}

function renderBlocks({ weights, slowdown }: BlockSearch, names: ShortenedNames, terminal: Terminal): string {
  const rows = weights.map(({ weights: of, rate, denseSeconds, candidates, chosen }) => {
    const { seconds, slowdown: factor } =
      candidates.find(({ block }) => block.rows === chosen.rows && block.columns === chosen.columns) ?? {};
    const usable = candidates.filter((candidate) => candidate.seconds !== undefined).length;
    return [
      joined(of, names),
      `${rate}x`,
      `${chosen.rows}x${chosen.columns}`,
      factor === undefined ? '' : `${factor.toFixed(2)}x`,
      seconds === undefined ? '' : formatTime(seconds * 1e6),
      formatTime(denseSeconds * 1e6),
      `${usable} of ${candidates.length}`,
    ];
  });
  const columns = [
    { title: 'weight' },
    { title: 'at rate', align: 'right' },
    { title: `finest block within ${slowdown}x`, align: 'right' },
    { title: 'of the coarsest', align: 'right' },
    { title: 'layer', align: 'right' },
    { title: 'dense', align: 'right' },
    { title: 'usable blocks', align: 'right' },
  ] as const;
  return renderTable(columns, rows, terminal);
}

function renderSensitivity(
  { weights, error }: Sensitivity,
  choice: RateChoice | null,
  names: ShortenedNames,
  terminal: Terminal,
): string {
  const rates = [...new Set(weights.flatMap(({ points }) => points.map(({ rate }) => rate)))].sort(
    (a, b) => a - b,
  );
  const rows = weights.map(({ weights: of, points }, index) => {
    const chosen = choice?.weights[index];
    return [
      joined(of, names),
      ...rates.map((rate) => {
        const point = points.find((each) => each.rate === rate);
        return point ? formatShare(point.error, 1) : '–';
      }),
      ...(choice ? [typeof chosen?.rate === 'number' ? `${chosen.rate}x` : 'dense'] : []),
    ];
  });
  const what = error === 'output' ? 'output error' : 'energy lost';
  return renderTable(
    [
      { title: `${what} at` },
      ...rates.map((rate) => ({ title: `${rate}x`, align: 'right' as const })),
      ...(choice ? [{ title: 'chosen', align: 'right' as const }] : []),
    ],
    rows,
    terminal,
  );
}

function describeTarget({ of, limit, dense, predicted }: RateChoice): string {
  const figures = {
    latency: [limit, predicted.seconds, dense.seconds].map((seconds) => formatTime(seconds * 1e6)),
    size: [limit, predicted.bytes, dense.bytes].map((bytes) => formatBytes(Math.round(bytes))),
    macs: [limit, predicted.macs, dense.macs].map((macs) => `${formatCount(macs)} multiply-adds`),
  }[of];
  const [most = '', expected = '', before = ''] = figures;
  return `${most} of ${before}; layer by layer the chosen rates come to ${expected}`;
}
