import type { RowGroups } from '@grim/bcr';

/** Whether segment g holds rows g·lanes … in order, each row once. */
export function isConsecutive(groups: RowGroups, lanes: number, rows: number): boolean {
  return (
    groups.exclusive &&
    groups.segments.length === Math.ceil(rows / lanes) &&
    groups.segments.every(
      (segment, g) =>
        segment.contiguous &&
        segment.rows[0] === g * lanes &&
        segment.rows.length === Math.min(lanes, rows - g * lanes),
    )
  );
}
