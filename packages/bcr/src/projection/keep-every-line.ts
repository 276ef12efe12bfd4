/**
 * Brings back lines (rows, or columns) that none of some aligned blocks keeps. Each takes the place, in one block, of a
 * line that another block keeps as well; of all such exchanges the one that loses least energy.
 *
 * @param flags - Per block 1 for the lines that it keeps; changed in place, counts stay as they are.
 * @param energies - Per block what each line holds; `Infinity` where a line must not leave. Called only when lines are missing.
 * @returns Whether every line is kept somewhere now; false when the blocks together keep too few.
 */
export function keepEveryLine(
  flags: readonly Uint8Array[],
  energies: () => readonly Float64Array[],
): boolean {
  const lines = flags[0]?.length ?? 0;
  const uses = new Uint32Array(lines);
  for (const kept of flags) {
    for (let line = 0; line < lines; line++) uses[line] = (uses[line] ?? 0) + (kept[line] ?? 0);
  }
  if (!uses.includes(0)) return true;
  const held = energies();
  for (let line = 0; line < lines; line++) {
    if (uses[line] !== 0) continue;
    let best: { readonly kept: Uint8Array; readonly leaving: number; readonly loss: number } | undefined;
    for (const [index, kept] of flags.entries()) {
      for (let leaving = 0; leaving < lines; leaving++) {
        if (kept[leaving] === 0 || (uses[leaving] ?? 0) < 2) continue;
        const loss = (held[index]?.[leaving] ?? 0) - (held[index]?.[line] ?? 0);
        if (loss < Infinity && (!best || loss < best.loss)) best = { kept, leaving, loss };
      }
    }
    if (!best) return false;
    best.kept[line] = 1;
    best.kept[best.leaving] = 0;
    uses[line] = 1;
    uses[best.leaving] = (uses[best.leaving] ?? 0) - 1;
  }
  return true;
}
