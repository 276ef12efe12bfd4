import { compileKernels, type CompiledKernel } from '../../products/compile-kernels.ts';
import { copyKernel, type PixelGrid } from '../../products/copy-kernel.ts';
import { dotsKernel } from '../../products/dots-kernel.ts';
import { spansOf, type Spans } from '../../products/spans.ts';
import { sumsKernel } from '../../products/sums-kernel.ts';
import { BYTES, LANES } from '../../products/tiles.ts';
import { layOut, memory, type Region } from '../../products/workspace.ts';
import { present } from '../present.ts';
import type { Convolution, ConvolutionShape } from './convolution.ts';
import { backwards, operandGrids, resultGrid } from './pixel-grids.ts';
import { rowLayout } from './row-layout.ts';
import { phaseTaps, tapsOf } from './window-plane.ts';

const range = (extent: number): number[] => Array.from({ length: extent }, (_, index) => index);

/**
 * A convolution as weighted sums of slices.
 *
 * All images of a channel are one row, with the borders in place ({@link rowLayout}), and the pixels under one element of the kernel are
 * the same row from a later element on. So `y_m = Σ_c,k w_mck · x_c[from start_k on]` over whole rows, where elements at the border give
 * values that are left out, and no copy of the windows is made. With a stride, every stride-th pixel has a row of its own. Backwards, the
 * derivative by `x` is the same kind of sum with the starts the other way, and that by `w_mck` the product of a row of derivatives with
 * the slice.
 */
export async function makeSlicedConvolution(shape: ConvolutionShape): Promise<Convolution> {
  const { plane, batch, channels, filters, groups } = shape;
  const [ownChannels, ownFilters] = [channels / groups, filters / groups];
  const taps = tapsOf(plane);
  const phases = phaseTaps(taps);
  const layout = rowLayout(plane, taps);
  const { extent, lead, tail, startOf } = layout;
  const length = Math.ceil((batch * extent[0] * extent[1]) / LANES) * LANES;
  /** A row with the zeros before and after it: as many before derivatives as after pixels, since windows look back there. */
  const rowStep = lead + length + tail;
  const terms = ownChannels * taps.length;

  const phaseRows = (start: number, phaseStep: number, channelStep: number) =>
    phases.map(({ phase }, index) => ({ phase, rows: { start: start + index * phaseStep, channelStep } }));
  const toRows = operandGrids(plane, layout, channels, phaseRows(lead, rowStep, phases.length * rowStep));
  const ofRows = operandGrids(plane, layout, channels, phaseRows(0, channels * length, length));
  const toSums = resultGrid(plane, layout, filters, { start: tail, channelStep: rowStep });
  const ofSums = resultGrid(plane, layout, filters, { start: 0, channelStep: length });

  /** Of each image of a row only what ends with its last pixel is computed. */
  const spansOfImages = (ends: readonly number[]): Spans =>
    spansOf(batch, Math.max(0, ...ends), extent[0] * extent[1]);
  const lastPixel = ({ to, lines, pixels }: PixelGrid, start: number): number =>
    to.start - start + (lines - 1) * to.lineStep + pixels;
  const spans = spansOfImages([lastPixel(ofSums, 0)]);
  const spansBack = spansOfImages(ofRows.map((grid, phase) => lastPixel(grid, phase * channels * length)));

  const phaseOf = taps.map((tap) => phases.findIndex(({ members }) => members.includes(tap)));
  const slices = range(ownChannels).flatMap((channel) =>
    taps.map((tap, index) => (channel * phases.length + present(phaseOf[index])) * rowStep + startOf(tap)),
  );
  const slicesBack = phases.map(({ members }) =>
    range(ownFilters).flatMap((filter) =>
      members.map((tap) => filter * rowStep + lead + tail - startOf(tap)),
    ),
  );
  /** Which weights of a group the sums of a phase have, row by row. */
  const weightsBack = phases.map(({ members }) =>
    range(ownChannels).flatMap((channel) =>
      range(ownFilters).flatMap((filter) =>
        members.map((tap) => filter * terms + channel * taps.length + taps.indexOf(tap)),
      ),
    ),
  );

  const copies = { images: batch, shifted: false };
  const [spread, spreadBack, gather, gatherBack, sums, dots, ...sumsBack] = await compileKernels(
    [
      copyKernel({ ...copies, name: 'spread', channels, grids: toRows }),
      copyKernel({ ...copies, name: 'spreadBack', channels: filters, grids: [toSums] }),
      copyKernel({ ...copies, name: 'gather', channels: filters, grids: [backwards(ofSums)], shifted: true }),
      copyKernel({ ...copies, name: 'gatherBack', channels, grids: ofRows.map(backwards) }),
      sumsKernel({ rows: ownFilters, terms, spans, rowStep: length }),
      dotsKernel({ rows: ownFilters, slices: terms, spans, rowStep }),
      ...phases.map(({ members }) =>
        sumsKernel({
          rows: ownChannels,
          terms: ownFilters * members.length,
          spans: spansBack,
          rowStep: length,
        }),
      ),
    ],
    memory,
  );
  const ofGroups = (
    kernel: CompiledKernel | undefined,
    ...operands: readonly (readonly [Region, number])[]
  ): void => {
    for (let group = 0; group < groups; group++) {
      present(kernel)(...operands.map(([{ address }, step]) => address + group * step * BYTES));
    }
  };
  const startBytes = (table: Region, starts: readonly number[]): void => {
    starts.forEach((start, index) => (table.integers[index] = start * BYTES));
  };

  const [operandSize, resultSize] = [plane.input, plane.output].map(
    ([height, width]) => batch * height * width,
  );

  return {
    forward: (images, weights, shifts) => {
      const regions = layOut({
        images: images.length,
        x: channels * phases.length * rowStep,
        w: weights.length,
        table: terms,
        y: filters * length,
        shifts: filters,
        result: filters * present(resultSize),
      });
      const { x, w, table, y, result } = regions;
      regions.images.floats.set(images);
      w.floats.set(weights);
      if (shifts) regions.shifts.floats.set(shifts);
      startBytes(table, slices);
      present(spread)(regions.images.address, x.address);
      ofGroups(
        sums,
        [w, ownFilters * terms],
        [x, ownChannels * phases.length * rowStep],
        [table, 0],
        [y, ownFilters * length],
      );
      present(gather)(y.address, result.address, regions.shifts.address);
      return result.floats;
    },
    byImages: (cotangent, weights) => {
      const largest = Math.max(...slicesBack.map((starts) => starts.length));
      const regions = layOut({
        cotangent: cotangent.length,
        dy: filters * rowStep,
        w: channels * largest,
        table: largest,
        dx: phases.length * channels * length,
        result: channels * present(operandSize),
      });
      const { dy, w, table, dx, result } = regions;
      regions.cotangent.floats.set(cotangent);
      present(spreadBack)(regions.cotangent.address, dy.address);
      phases.forEach((_, phase) => {
        const starts = present(slicesBack[phase]);
        const order = present(weightsBack[phase]);
        for (let group = 0, to = 0; group < groups; group++) {
          for (const from of order) w.floats[to++] = weights[group * ownFilters * terms + from] ?? 0;
        }
        startBytes(table, starts);
        const ofPhase = { ...dx, address: dx.address + phase * channels * length * BYTES };
        ofGroups(
          sumsBack[phase],
          [w, ownChannels * starts.length],
          [dy, ownFilters * rowStep],
          [table, 0],
          [ofPhase, ownChannels * length],
        );
      });
      present(gatherBack)(dx.address, result.address);
      return result.floats;
    },
    byWeights: (cotangent, images) => {
      const regions = layOut({
        cotangent: cotangent.length,
        dy: filters * rowStep,
        images: images.length,
        x: channels * phases.length * rowStep,
        table: terms,
        dw: filters * terms,
      });
      const { dy, x, table, dw } = regions;
      regions.cotangent.floats.set(cotangent);
      regions.images.floats.set(images);
      startBytes(table, slices);
      present(spreadBack)(regions.cotangent.address, dy.address);
      present(spread)(regions.images.address, x.address);
      const derivatives = { ...dy, address: dy.address + tail * BYTES };
      ofGroups(
        dots,
        [derivatives, ownFilters * rowStep],
        [x, ownChannels * phases.length * rowStep],
        [table, 0],
        [dw, ownFilters * terms],
      );
      return dw.floats;
    },
  };
}
