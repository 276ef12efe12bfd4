import Table from 'cli-table3';
import pc from 'picocolors';
import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers go to the right. */
  readonly align?: 'left' | 'right';
}

const borders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table without lines, in plain text unless a person is looking. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { stdout }: Terminal,
): string {
  const colors = pc.createColors(stdout.isTTY === true && pc.isColorSupported);
  const table = new Table({
    head: columns.map(({ title }) => colors.bold(title)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: borders,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => row.map(printable)));
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}
