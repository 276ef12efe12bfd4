import { formatShape } from '@grim/ir';
import type { PortReport } from '../../reports/port-report.ts';
import { printable } from '../printable.ts';

/** Lines of text; parts that are empty are left out, and a blank line goes between blocks. */
export function blocks(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** `input [1,576], sr [1]` */
export function formatPorts(ports: readonly PortReport[]): string {
  return printable(ports.map(({ name, shape }) => `${name} ${formatShape(shape)}`).join(', ')) || 'none';
}

/** Labels and values below one another. */
export function labelled(entries: readonly (readonly [label: string, value: string])[]): string {
  const labels = entries.map(([label]) => printable(label));
  const width = Math.max(...labels.map((label) => label.length));
  return entries
    .map(([, value], index) => `${(labels[index] ?? '').padEnd(width)}  ${printable(value)}`)
    .join('\n');
}
