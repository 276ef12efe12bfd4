import { bitCount, type RowPatterns } from './row-patterns.ts';
import { isWorthDisorder } from './worth-disorder.ts';

/** Rows that one group of lanes computes together, and the union of the columns they use. */
export interface PackedRows {
  /** Ascending rows, at most `lanes` of them. */
  readonly rows: readonly number[];
  /** Column set, 32 columns a word. */
  readonly bits: Uint32Array;
  /** Columns in the set. */
  readonly size: number;
}

/** Word operations the search for partners may take; beyond it each group looks only at its nearest neighbours. */
const searchBudget = 2 ** 28;

/**
 * Puts every row in one group of at most `lanes` rows so that few cells are padding.
 *
 * Neighbouring rows with one column list fill groups first, then rows with one list from anywhere, then what is
 * left joins the group with which it shares the most columns. Taking the rows in their natural order is better when
 * lists differ in a few columns only; it is used unless that stores much more.
 */
export function packRows(rows: number, lanes: number, patterns: RowPatterns): PackedRows[] {
  const natural: PackedRows[] = [];
  for (let row = 0; row < rows; row += lanes) {
    natural.push(unionOf(range(row, Math.min(lanes, rows - row)), patterns));
  }
  const grouped = packByPattern(rows, lanes, patterns);
  const chosen = isWorthDisorder(storedColumns(grouped), storedColumns(natural)) ? grouped : natural;
  return [...chosen].sort((a, b) => (a.rows[0] ?? 0) - (b.rows[0] ?? 0));
}

function packByPattern(rows: number, lanes: number, patterns: RowPatterns): PackedRows[] {
  const { patternOfRow } = patterns;
  const packed: PackedRows[] = [];
  const leftOver = new Map<number, number[]>();
  for (let row = 0; row < rows;) {
    const pattern = patternOfRow[row] ?? 0;
    let end = row + 1;
    while (end < rows && patternOfRow[end] === pattern) end++;
    for (; row + lanes <= end; row += lanes) packed.push(unionOf(range(row, lanes), patterns));
    if (row < end) leftOver.set(pattern, [...(leftOver.get(pattern) ?? []), ...range(row, end - row)]);
    row = end;
  }
  const partial: PackedRows[] = [];
  for (const group of leftOver.values()) {
    for (let start = 0; start < group.length; start += lanes) {
      const members = unionOf(group.slice(start, start + lanes), patterns);
      (members.rows.length === lanes ? packed : partial).push(members);
    }
  }
  return [...packed, ...mergePartial(partial, lanes, patterns.words)];
}

/** Fills groups that have free lanes with the groups they share most columns with, longest lists first. */
function mergePartial(groups: readonly PackedRows[], lanes: number, words: number): PackedRows[] {
  const waiting = [...groups].sort((a, b) => b.size - a.size || (a.rows[0] ?? 0) - (b.rows[0] ?? 0));
  const window = Math.max(4 * lanes, Math.floor(searchBudget / Math.max(1, waiting.length * words)));
  const merged: PackedRows[] = [];
  for (;;) {
    let seed = waiting.shift();
    if (!seed) return merged;
    while (seed.rows.length < lanes) {
      const partner = bestPartner(seed, waiting.slice(0, window), lanes);
      if (partner < 0) break;
      const [taken] = waiting.splice(partner, 1);
      if (taken) seed = join(seed, taken);
    }
    merged.push(seed);
  }
}

/** Position of the group whose joining saves most cells; −1 when joining saves nothing. */
function bestPartner(seed: PackedRows, candidates: readonly PackedRows[], lanes: number): number {
  let best = -1;
  let bestShared = 0;
  for (const [position, candidate] of candidates.entries()) {
    if (seed.rows.length + candidate.rows.length > lanes) continue;
    // Rows without weights cost nothing in a free lane, and a group of their own otherwise.
    const shared = candidate.size === 0 ? 0.5 : sharedColumns(seed.bits, candidate.bits);
    if (shared > bestShared) {
      best = position;
      bestShared = shared;
    }
  }
  return best;
}

function sharedColumns(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  for (let word = 0; word < a.length; word++) shared += bitCount((a[word] ?? 0) & (b[word] ?? 0));
  return shared;
}

function join(a: PackedRows, b: PackedRows): PackedRows {
  const bits = a.bits.map((word, index) => word | (b.bits[index] ?? 0));
  const rows = [...a.rows, ...b.rows].sort((x, y) => x - y);
  return { rows, bits, size: sizeOf(bits) };
}

function unionOf(rows: readonly number[], { bits, words }: RowPatterns): PackedRows {
  const union = new Uint32Array(words);
  for (const row of rows) {
    for (let word = 0; word < words; word++)
      union[word] = (union[word] ?? 0) | (bits[row * words + word] ?? 0);
  }
  return { rows, bits: union, size: sizeOf(union) };
}

function sizeOf(bits: Uint32Array): number {
  return bits.reduce((sum, word) => sum + bitCount(word), 0);
}

function storedColumns(groups: readonly PackedRows[]): number {
  return groups.reduce((sum, group) => sum + group.size, 0);
}

function range(start: number, length: number): number[] {
  return Array.from({ length }, (_, index) => start + index);
}
