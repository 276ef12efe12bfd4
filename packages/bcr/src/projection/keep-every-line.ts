/**
 * Brings back lines (rows, or columns) that none of some aligned blocks keeps. Each takes the place, in one block, of a
 * line that another block keeps as well; of all such exchanges the one that loses least energy. Lines that hold nothing are no loss.
 *
 * @param flags - Per block 1 for the lines that it keeps; changed in place where every line can be kept, counts stay as they are.
 * @param energies - Per block what each line holds; `Infinity` where a line must not leave. Called only when lines are missing.
 * @returns Whether every line is kept somewhere now; false when the blocks together keep too few.
 */
export function keepEveryLine(
  flags: readonly Uint8Array[],
  energies: () => readonly Float64Array[],
): boolean {
  const lines = flags[0]?.length ?? 0;
  const uses = new Uint32Array(lines);
  let kept = 0;
  for (const block of flags) {
    for (let line = 0; line < lines; line++) uses[line] = (uses[line] ?? 0) + (block[line] ?? 0);
    kept += block.reduce((sum, flag) => sum + flag, 0);
  }
  const unused = Array.from(uses.keys()).filter((line) => uses[line] === 0);
  if (unused.length === 0) return true;
  const held = energies();
  const missing = unused.filter((line) => held.some((block) => (block[line] ?? 0) > 0));
  if (kept < lines - unused.length + missing.length) return false;
  const blocks = flags.map((block, index) => new LeavingLines(block, held[index] ?? new Float64Array(lines)));
  const exchanges: { readonly leaving: Departure; readonly line: number }[] = [];
  for (const line of missing) {
    const lossOf = ({ block, energy }: Departure): number => energy - (block.held[line] ?? 0);
    const leaving = blocks
      .flatMap((block) => block.weakest(uses) ?? [])
      .reduce<Departure | undefined>(
        (least, each) => (least && lossOf(least) <= lossOf(each) ? least : each),
        undefined,
      );
    if (!leaving) return false;
    leaving.block.leave();
    uses[leaving.line] = (uses[leaving.line] ?? 0) - 1;
    exchanges.push({ leaving, line });
  }
  for (const { leaving, line } of exchanges) {
    leaving.block.flags[line] = 1;
    leaving.block.flags[leaving.line] = 0;
  }
  return true;
}

/** A line that may leave a block. */
interface Departure {
  readonly block: LeavingLines;
  readonly line: number;
  readonly energy: number;
}

/** Lines that may leave a block, the weakest first; of equal ones that with the lower index. */
class LeavingLines {
  readonly flags: Uint8Array;
  readonly held: Float64Array;
  readonly #order: readonly number[];
  #next = 0;

  constructor(flags: Uint8Array, held: Float64Array) {
    this.flags = flags;
    this.held = held;
    this.#order = Array.from(flags.keys())
      .filter((line) => flags[line] === 1 && held[line] !== Infinity)
      .sort((a, b) => (held[a] ?? 0) - (held[b] ?? 0) || a - b);
  }

  /** The weakest line that another block keeps as well. Uses only become fewer, so lines that are passed over never return. */
  weakest(uses: Uint32Array): Departure | undefined {
    for (; ; this.#next++) {
      const line = this.#order[this.#next];
      if (line === undefined) return undefined;
      if ((uses[line] ?? 0) >= 2) return { block: this, line, energy: this.held[line] ?? 0 };
    }
  }

  /** The weakest line leaves. */
  leave(): void {
    this.#next++;
  }
}
