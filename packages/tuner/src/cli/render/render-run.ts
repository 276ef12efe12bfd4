import { formatShape } from '@grim/ir';
import type { ArrayReport, RunResult } from '../../run/run-model.ts';
import type { Terminal } from '../terminal.ts';
import { executionLines } from './execution-lines.ts';
import { formatNumber } from './format.ts';
import { blocks, labelled } from './lines.ts';
import { renderTable } from './render-table.ts';

/** What came out, for people. */
export function renderRun(result: RunResult, terminal: Terminal): string {
  const { steps, outputs, states } = result;
  return blocks(
    renderTable(
      [
        { title: 'array' },
        { title: 'shape' },
        { title: 'minimum', align: 'right' },
        { title: 'mean', align: 'right' },
        { title: 'maximum', align: 'right' },
        { title: 'not finite', align: 'right' },
        { title: 'first values' },
        { title: 'written to' },
      ],
      [...outputs.map((output) => row('output', output)), ...states.map((state) => row('state', state))],
      terminal,
    ),
    labelled([['runs', String(steps)], ...executionLines(result)]),
  );
}

function row(role: string, array: ArrayReport): string[] {
  return [
    `${role} ${array.name}`,
    formatShape(array.shape),
    formatNumber(array.minimum),
    formatNumber(array.mean),
    formatNumber(array.maximum),
    String(array.nonFinite),
    array.first.slice(0, 4).map(formatNumber).join(' '),
    array.file ?? '',
  ];
}
