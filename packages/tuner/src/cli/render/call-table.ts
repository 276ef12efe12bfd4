import type { CallReport } from '../../reports/call-report.ts';
import type { Terminal } from '../terminal.ts';
import { formatBytes, formatCount, formatRatio } from './format.ts';
import { renderTable } from './render-table.ts';
import { shortenNames } from './shorten-names.ts';

/** The kernel calls of a compiled model as a table, and the label of what all their layers' names start with. */
export function callTable(
  calls: readonly CallReport[],
  terminal: Terminal,
): { table: string; prefix: readonly (readonly [label: string, value: string])[] } {
  const names = shortenNames(
    calls.map(({ layer }) => layer).filter((layer) => layer !== 'outputs' && layer !== 'states'),
  );
  const table = renderTable(
    [
      { title: 'layer' },
      { title: 'kernel' },
      { title: 'path' },
      { title: 'MACs', align: 'right' },
      { title: 'weights', align: 'right' },
      { title: 'padding', align: 'right' },
    ],
    calls.map(({ layer, kernel, path, macs, weightBytes, padding }) => [
      names.shorten(layer),
      kernel,
      path,
      formatCount(macs),
      formatBytes(weightBytes),
      formatRatio(padding),
    ]),
    terminal,
  );
  return { table, prefix: names.prefix === '' ? [] : [['names start with', names.prefix]] };
}
