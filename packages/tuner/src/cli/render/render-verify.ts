import { formatShape } from '@grim/ir';
import type { ValueReport } from '../../verify/comparison-log.ts';
import type { VerifyResult } from '../../verify/run-verify.ts';
import type { Terminal } from '../terminal.ts';
import { blocks, labelled } from './lines.ts';
import { renderTable } from './render-table.ts';
import { shortenNames } from './shorten-names.ts';

/** A comparison for people. */
export function renderVerify(result: VerifyResult, terminal: Terminal): string {
  const { values, unmatched, runtimeSkipped } = result;
  const names = shortenNames(values.filter(({ role }) => role === 'layer').map(({ layer }) => layer));
  const first = values.find(({ ok }) => !ok);
  return blocks(
    renderTable(
      [
        { title: 'value' },
        { title: 'shape' },
        { title: 'against' },
        { title: 'max |error|', align: 'right' },
        { title: 'first difference' },
      ],
      values.map((value) => [
        value.role === 'layer' ? names.shorten(value.layer) : `${value.role} ${value.value}`,
        formatShape(value.shape),
        value.against,
        value.maxAbsError === null ? 'not finite' : value.maxAbsError.toExponential(2),
        difference(value),
      ]),
      terminal,
    ),
    labelled([
      ...(names.prefix === '' ? [] : ([['names start with', names.prefix]] as const)),
      ...(unmatched.length > 0 ? ([['not compared', unmatched.join(', ')]] as const) : []),
      ...(runtimeSkipped === null ? [] : ([['onnxruntime', `not compared: ${runtimeSkipped}`]] as const)),
      ['frames', `${result.frames}, seed ${result.seed}, tolerance ${result.tolerance}`],
      [
        'result',
        first === undefined
          ? `equal within the tolerance to ${result.against}`
          : `differs from ${result.against}, first in ${names.shorten(first.layer)}`,
      ],
    ]),
  );
}

function difference({ firstDifference }: ValueReport): string {
  if (!firstDifference) return '';
  const { frame, index, actual, expected } = firstDifference;
  const show = (value: number | null): string => (value === null ? 'not finite' : String(value));
  return `frame ${frame}, index ${index}: ${show(actual)}, expected ${show(expected)}`;
}
