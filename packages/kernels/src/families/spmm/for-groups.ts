import { integer } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';

/** Calls `emit` for the groups of rows of a matrix; the last one may have fewer rows. */
export function forGroups(
  builder: KernelBuilder,
  rows: number,
  groupRows: number,
  emit: (firstRow: Expression, rows: number) => void,
): void {
  const whole = rows - (rows % groupRows);
  builder.loop('row', { to: whole, step: groupRows }, (row) => {
    emit(row, groupRows);
  });
  if (rows > whole) emit(integer(whole), rows - whole);
}
