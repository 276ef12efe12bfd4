import { interpretKernel, type Kernel } from '@grim/kernels';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileKernels } from '../src/products/compile-kernels.ts';
import { copyKernel, type LineLayout } from '../src/products/copy-kernel.ts';
import { dotsKernel } from '../src/products/dots-kernel.ts';
import { spansOf, type Spans } from '../src/products/spans.ts';
import { sumsKernel } from '../src/products/sums-kernel.ts';
import { transformKernel } from '../src/products/transform-kernel.ts';
import { layOut, memory } from '../src/products/workspace.ts';

type Contents = Readonly<Record<string, Float32Array | Int32Array>>;

const extent = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const wave = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(i + 1));
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Runs a kernel in the interpreter, which refuses to leave a buffer, and in the engine, and compares a buffer with what is wanted. */
async function expectResult(
  kernel: Kernel,
  contents: Contents,
  buffer: string,
  wanted: ArrayLike<number>,
): Promise<void> {
  const copies = new Map(Object.entries(contents).map(([name, values]) => [name, values.slice()]));
  interpretKernel(
    kernel,
    Object.fromEntries(
      [...copies].map(([name, { buffer: bytes }]) => [name, { memory: new Uint8Array(bytes), offset: 0 }]),
    ),
  );
  const [run] = await compileKernels([kernel], memory);
  const regions = layOut(
    Object.fromEntries(Object.entries(contents).map(([name, values]) => [name, values.length])),
  );
  for (const [name, values] of Object.entries(contents)) {
    if (values instanceof Int32Array) regions[name]?.integers.set(values);
    else regions[name]?.floats.set(values);
  }
  run?.(...kernel.buffers.map(({ name }) => regions[name]?.address ?? 0));
  for (const found of [copies.get(buffer), regions[buffer]?.floats]) {
    expect(found).toHaveLength(wanted.length);
    found?.forEach((value, index) => {
      const exact = wanted[index] ?? NaN;
      expect(Math.abs(value - exact)).toBeLessThan(1e-4 * Math.max(1, Math.abs(exact)));
    });
  }
}

/** Slices of one array that overlap, as windows do, of which stretches count. */
const slices = fc
  .record({
    rows: extent(9),
    terms: extent(7),
    shift: fc.integer({ min: 0, max: 9 }),
    count: extent(5),
    vectors: extent(12),
    gap: fc.integer({ min: 0, max: 9 }),
    beyond: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ count, vectors, gap, beyond, ...problem }) => {
    const spans: Spans = { count, length: vectors * 4, step: vectors * 4 + gap };
    return { ...problem, spans, rowStep: count * spans.step + beyond };
  });

/** More than one group of stretches, and a stretch of more than one part. */
const large = [
  { rows: 5, terms: 3, shift: 7, spans: { count: 50, length: 44, step: 47 }, rowStep: 50 * 47 },
  { rows: 5, terms: 3, shift: 7, spans: { count: 2, length: 1024 + 20, step: 1050 }, rowStep: 2100 },
];

const isInSpan = ({ count, length, step }: Spans, position: number): boolean =>
  position < count * step && position % step < length;

describe('kernels of training', () => {
  it('sums are those of the definition, and what is in no stretch stays', async () => {
    await fc.assert(
      fc.asyncProperty(slices, async ({ rows, terms, shift, spans, rowStep }) => {
        const [a, b] = [wave(rows * terms), wave(rowStep + shift * (terms - 1))];
        const starts = range(terms).map((j) => j * shift);
        const out = wave(rows * rowStep);
        const wanted = out.map((before, index) => {
          const [m, p] = [Math.floor(index / rowStep), index % rowStep];
          if (!isInSpan(spans, p)) return before;
          return starts.reduce((sum, start, j) => sum + (a[m * terms + j] ?? 0) * (b[start + p] ?? 0), 0);
        });
        await expectResult(
          sumsKernel({ rows, terms, spans, rowStep }),
          { a, b, starts: Int32Array.from(starts, (start) => start * 4), out },
          'out',
          wanted,
        );
      }),
      { numRuns: 40, examples: large.map((problem) => [problem]) },
    );
  });

  it('products of rows with slices are those of the definition, added to what was there', async () => {
    await fc.assert(
      fc.asyncProperty(slices, async ({ rows, terms, shift, spans, rowStep }) => {
        const [a, b] = [wave(rows * rowStep), wave(rowStep + shift * (terms - 1))];
        const starts = range(terms).map((j) => j * shift);
        const out = wave(rows * terms);
        const wanted = out.map((before, index) => {
          const [m, start] = [Math.floor(index / terms), (index % terms) * shift];
          return range(rowStep)
            .filter((p) => isInSpan(spans, p))
            .reduce((sum, p) => sum + (a[m * rowStep + p] ?? 0) * (b[start + p] ?? 0), before);
        });
        await expectResult(
          dotsKernel({ rows, slices: terms, spans, rowStep }),
          { a, b, starts: Int32Array.from(starts, (start) => start * 4), out },
          'out',
          wanted,
        );
      }),
      { numRuns: 40, examples: large.map((problem) => [problem]) },
    );
  });

  it('stretches hold what is used in whole vectors, and are one where they would meet', () => {
    expect(spansOf(3, 11, 16)).toEqual({ count: 3, length: 12, step: 16 });
    expect(spansOf(3, 13, 16)).toEqual({ count: 1, length: 48, step: 48 });
    expect(spansOf(3, 5, 7)).toEqual({ count: 1, length: 24, step: 24 });
    expect(spansOf(3, 0, 7)).toEqual({ count: 3, length: 0, step: 7 });
  });

  it('pixels are copied from one layout to another', async () => {
    const steps = fc.record({
      pixels: extent(11),
      lines: extent(3),
      pixelStep: extent(2),
      pixelStepTo: extent(2),
    });
    await fc.assert(
      fc.asyncProperty(steps, extent(3), extent(3), fc.boolean(), async (grid, images, channels, shifted) => {
        const { pixels, lines } = grid;
        const layoutOf = (start: number, pixelStep: number, gap: number): LineLayout => {
          const lineStep = pixels * pixelStep + gap;
          const channelStep = lines * lineStep + gap;
          return { start, pixelStep, lineStep, channelStep, imageStep: channels * channelStep + gap };
        };
        const [from, to] = [layoutOf(0, grid.pixelStep, 0), layoutOf(3, grid.pixelStepTo, 2)];
        const source = wave(images * from.imageStep);
        const target = new Float32Array(3 + images * to.imageStep);
        const wanted = target.slice();
        const shifts = wave(channels);
        for (const image of range(images)) {
          for (const channel of range(channels)) {
            for (const line of range(lines)) {
              for (const pixel of range(pixels)) {
                const at = (layout: LineLayout): number =>
                  layout.start +
                  image * layout.imageStep +
                  channel * layout.channelStep +
                  line * layout.lineStep +
                  pixel * layout.pixelStep;
                wanted[at(to)] = (source[at(from)] ?? 0) + (shifted ? (shifts[channel] ?? 0) : 0);
              }
            }
          }
        }
        await expectResult(
          copyKernel({ name: 'copy', images, channels, grids: [{ lines, pixels, from, to }], shifted }),
          { source, target, ...(shifted && { shifts }) },
          'target',
          wanted,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('squares are transformed from both sides, wherever their elements lie', async () => {
    const factor = fc.constantFrom<number[]>(0, 1, -1, 0.25, -3);
    const matrices = fc.tuple(extent(4), extent(4)).chain(([rows, columns]) =>
      fc.array(fc.array(factor, { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
    const problems = fc.record({
      matrix: matrices,
      lanes: fc.constantFrom(1 as const, 4 as const),
      outer: extent(3),
      inner: extent(3),
      turned: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(problems, async ({ matrix, lanes, outer, inner, turned }) => {
        const [rows, columns] = [matrix.length, matrix[0]?.length ?? 0];
        // Elements of squares one after the other in the source, squares one after the other in the target.
        const squares = outer * inner * lanes;
        const from = turned
          ? { start: (columns ** 2 - 1) * squares, rowStep: -columns * squares, columnStep: -squares }
          : { rowStep: columns * squares, columnStep: squares };
        const to = { rowStep: rows * squares, columnStep: squares };
        const runs = [
          { count: outer, fromStep: inner * lanes, toStep: lanes },
          { count: inner, fromStep: lanes, toStep: outer * lanes },
        ];
        const source = wave(columns ** 2 * squares);
        const target = new Float32Array(rows ** 2 * squares);
        const wanted = target.slice();
        for (const [o, i, lane] of range(squares).map((square) => {
          return [
            Math.floor(square / (inner * lanes)),
            Math.floor(square / lanes) % inner,
            square % lanes,
          ] as const;
        })) {
          const element = (row: number, column: number): number => {
            const at = (from.start ?? 0) + row * from.rowStep + column * from.columnStep;
            return source[at + o * inner * lanes + i * lanes + lane] ?? NaN;
          };
          for (const [row, left] of matrix.entries()) {
            for (const [column, right] of matrix.entries()) {
              const at = row * to.rowStep + column * to.columnStep + o * lanes + i * outer * lanes + lane;
              wanted[at] = left.reduce(
                (sum, a, k) => sum + right.reduce((inside, b, l) => inside + a * b * element(k, l), 0),
                0,
              );
            }
          }
        }
        await expectResult(
          transformKernel({ name: 'transform', matrix, from, to, runs, lanes }),
          { source, target },
          'target',
          wanted,
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('the memory of kernels', () => {
  it('is refused in bytes where it cannot be addressed', () => {
    const before = memory.buffer.byteLength;
    expect(() => layOut({ small: 1 }, { large: 2 ** 30 })).toThrow(
      'needs 4294967488 bytes of memory, at most 4294967296 can be had: take a smaller batch',
    );
    expect(memory.buffer.byteLength).toBe(before);
  });
});
