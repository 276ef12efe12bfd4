import { binary, integer, load, loadIndex16 } from '../../kernel-ir/expressions.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import type { ColumnLists } from './spmv-problem.ts';

/** Bytes of one entry of the index. */
export function indexBytes(lists: ColumnLists): number {
  return lists.index === 'bytes32' ? 4 : 2;
}

/** The entry `position` places after the cursor. */
export function loadEntry(lists: ColumnLists, cursor: Expression, position = 0): Expression {
  return lists.index === 'bytes32'
    ? load('i32', 'index', cursor, position * 4)
    : loadIndex16('index', cursor, position * 2);
}

/**
 * A scattered row's byte offset in the scratch of a position, of elements of `elementBytes` bytes: lists of 32 bits
 * hold it, those of 16 bits the row.
 */
export function loadRowByte(
  lists: ColumnLists,
  elementBytes: number,
  cursor: Expression,
  position: number,
): Expression {
  const entry = loadEntry(lists, cursor, position);
  return lists.index === 'bytes32' ? entry : binary('shiftLeft', entry, integer(Math.log2(elementBytes)));
}

/** Entries of a group before its columns: how many columns there are, unless that is known, then its rows where scattered. */
export function headEntries(lists: ColumnLists, groupRows: number): { counts: number; rows: number } {
  return {
    counts: lists.groupColumns === undefined ? 1 : 0,
    rows: lists.rowOrder === 'scattered' ? groupRows : 0,
  };
}

/** Columns of the group whose entries start at the cursor. */
export function loadColumnCount(lists: ColumnLists, cursor: Expression): Expression {
  return lists.groupColumns === undefined ? loadEntry(lists, cursor) : integer(lists.groupColumns);
}
