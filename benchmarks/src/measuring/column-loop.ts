import { instantiateText, memoryPages } from './instantiate-text.ts';
import type { MultiplyAdd } from './multiply-add-peak.ts';

/** The inner loop of a sparse convolution by itself. */
export interface ColumnLoop {
  readonly run: () => void;
  /** Scalar multiply-adds of one call. */
  readonly macs: number;
}

/** A panel of inputs as kernels copy them under a tile of 28 pixels: channels, rows and bytes between rows. */
const panel = { channels: 32, rows: 3, rowStep: 120 } as const;
const taps = 3;

/** Every so many columns of the panel's one is in the list. */
const COLUMN_RATE = 4;

/** Columns per turn of the loop: engines unroll that of a kernel, too. */
const UNROLL = 4;

/** Walks over the list per call. */
const TURNS = 5_000;

/**
 * Builds the loop over the columns of `rows` rows that sums `vectors` vectors of pixels for each: what a kernel repeats for every list,
 * but over one long list, from the first cache, with sums that stay in registers.
 *
 * @param multiplyAdd - The text of one multiply-add of three `v128` operands
 */
export async function columnLoop(
  rows: number,
  vectors: number,
  multiplyAdd: MultiplyAdd,
): Promise<ColumnLoop> {
  const offsets = columnOffsets();
  const stream = panel.channels * panel.rows * panel.rowStep + 64;
  const entryBytes = 4 * (1 + rows);
  const end = stream + offsets.length * entryBytes;
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  const sum = (row: number, vector: number): string => `$sum${row}v${vector}`;
  const sums = numbers(rows).flatMap((row) => numbers(vectors).map((vector) => sum(row, vector)));
  const column = (slot: number): string[] => [
    `(local.set $at (i32.add (local.get $source) (i32.load offset=${slot * entryBytes} (local.get $entry))))`,
    ...numbers(rows).map(
      (row) =>
        `(local.set $w${row} (v128.load32_splat offset=${slot * entryBytes + 4 * (1 + row)} (local.get $entry)))`,
    ),
    ...numbers(vectors).flatMap((vector) => [
      `(local.set $x (v128.load offset=${16 * vector} (local.get $at)))`,
      ...numbers(rows).map((row) => {
        const name = sum(row, vector);
        return `(local.set ${name} ${multiplyAdd(`(local.get $w${row})`, '(local.get $x)', `(local.get ${name})`)})`;
      }),
    ]),
  ];
  const text = `(module
    (memory (export "memory") ${memoryPages(end)})
    (func (export "run") (param $turns i32) (param $source i32) (result f32)
      (local $at i32) (local $entry i32) (local $x v128)
      ${numbers(rows)
        .map((row) => `(local $w${row} v128)`)
        .join(' ')}
      ${sums.map((name) => `(local ${name} v128)`).join(' ')}
      (loop $turn
        (local.set $entry (i32.const ${stream}))
        (loop $column
          ${numbers(UNROLL).flatMap(column).join('\n          ')}
          (br_if $column (i32.lt_u (local.tee $entry (i32.add (local.get $entry) (i32.const ${UNROLL * entryBytes}))) (i32.const ${end}))))
        (br_if $turn (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
      (f32x4.extract_lane 0 ${sums.map((name) => `(local.get ${name})`).reduce((all, name) => `(f32x4.add ${all} ${name})`)})))`;
  const exports = await instantiateText(text);
  const run = exports['run'] as (turns: number, source: number) => number;
  const { buffer } = exports['memory'] as WebAssembly.Memory;
  // Weights stay zero, so that sums neither grow nor become denormal.
  const entries = new DataView(buffer, stream);
  for (const [index, offset] of offsets.entries()) entries.setInt32(index * entryBytes, offset, true);
  return {
    run: () => {
      run(TURNS, 0);
    },
    macs: TURNS * offsets.length * rows * vectors * 4,
  };
}

/** Byte offsets of the columns that are left, of all channels and taps of the panel. */
function columnOffsets(): number[] {
  const columns = panel.channels * taps * taps;
  const kept = Array.from(
    { length: columns / COLUMN_RATE },
    (_, index) => index * COLUMN_RATE + (index % COLUMN_RATE),
  );
  return kept.map((column) => {
    const channel = Math.floor(column / taps ** 2);
    const row = Math.floor(column / taps) % taps;
    return (channel * panel.rows + row) * panel.rowStep + (column % taps) * 4;
  });
}
