import { compileKernels } from '../../products/compile-kernels.ts';
import { copyKernel } from '../../products/copy-kernel.ts';
import { setRowStarts } from '../../products/set-row-starts.ts';
import { oneSpan } from '../../products/spans.ts';
import { sumsKernel } from '../../products/sums-kernel.ts';
import { BYTES } from '../../products/tiles.ts';
import { transformKernel, type SquareLayout } from '../../products/transform-kernel.ts';
import { layOut, memory } from '../../products/workspace.ts';
import { present } from '../present.ts';
import { matricesOfOperand } from './matrices-of-tiles.ts';
import { imageLayout } from './pixel-grids.ts';
import {
  runsOfTiles,
  squaresOfKernels,
  squaresOfMatrices,
  squaresOfPlane,
  tiledPlane,
} from './tiled-plane.ts';
import { winograd } from './winograd-matrices.ts';

/** Windows of 3×3 elements over images of C channels, which give images of M. */
export interface WindowSums {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
  readonly padsBegin: readonly [number, number];
}

/** Where the weights of a kernel lie, and the kernels of M filters with C channels each; distances in elements. */
export interface KernelLayout extends SquareLayout {
  readonly filterStep: number;
  readonly channelStep: number;
}

/** Images [N,C,…], weights and a number for each filter, or none, to images [N,M,…] in the memory of kernels. */
export type ComputeSums = (
  images: Float32Array,
  weights: Float32Array,
  shifts?: Float32Array,
) => Float32Array;

/**
 * Sums of windows by minimal filtering: tiles of 6×6 elements and kernels are transformed, multiplied element by element and summed over
 * the channels, which is a product of matrices for each of the 36 elements, and transformed back to tiles of 4×4 results.
 */
export async function makeWinogradSums(
  { batch, channels, filters, input, output, padsBegin }: WindowSums,
  kernels: KernelLayout,
): Promise<ComputeSums> {
  const plane = tiledPlane(output, batch);
  const { operand, result, rowLength } = plane;
  const elements = winograd.inputs ** 2;
  const compiled = await compileKernels(
    [
      ...matricesOfOperand({ batch, channels, input, padsBegin }, plane),
      transformKernel({
        name: 'kernelsToMatrices',
        matrix: winograd.ofKernel,
        from: kernels,
        to: squaresOfKernels(filters, channels),
        runs: [
          { count: filters, fromStep: kernels.filterStep, toStep: channels },
          { count: channels, fromStep: kernels.channelStep, toStep: 1 },
        ],
        lanes: 1,
      }),
      sumsKernel({ rows: filters, terms: channels, spans: oneSpan(rowLength), rowStep: rowLength }),
      transformKernel({
        name: 'sumsToPlane',
        matrix: winograd.toOutputs,
        from: squaresOfMatrices(filters, plane),
        to: squaresOfPlane(result),
        runs: runsOfTiles(filters, plane, result, 'toPlane'),
        lanes: 4,
      }),
      copyKernel({
        name: 'planeToImages',
        images: batch,
        channels: filters,
        grids: [{ lines: output[0], pixels: output[1], from: result, to: imageLayout(filters, output) }],
        shifted: true,
      }),
    ],
    memory,
  );
  const [imagesToPlane, tilesToMatrices, kernelsToMatrices, sumProducts, sumsToPlane, planeToImages] =
    compiled;

  return (images, weights, shifts) => {
    const regions = layOut(
      { plane: channels * operand.channelStep, shifts: filters },
      {
        images: images.length,
        weights: weights.length,
        starts: channels,
        kernels: elements * filters * channels,
        tiles: elements * channels * rowLength,
        sums: elements * filters * rowLength,
        results: filters * result.channelStep,
        output: batch * filters * output[0] * output[1],
      },
    );
    const { tiles, sums, starts } = regions;
    regions.images.floats.set(images);
    regions.weights.floats.set(weights);
    if (shifts) regions.shifts.floats.set(shifts);
    setRowStarts(starts, channels, rowLength);
    present(imagesToPlane)(regions.images.address, regions.plane.address);
    present(kernelsToMatrices)(regions.weights.address, regions.kernels.address);
    for (let row = 0; row < plane.tiles[0]; row++) {
      const line = row * winograd.outputs * BYTES;
      present(tilesToMatrices)(regions.plane.address + line * operand.lineStep, tiles.address);
      for (let element = 0; element < elements; element++) {
        present(sumProducts)(
          regions.kernels.address + element * filters * channels * BYTES,
          tiles.address + element * channels * rowLength * BYTES,
          starts.address,
          sums.address + element * filters * rowLength * BYTES,
        );
      }
      present(sumsToPlane)(sums.address, regions.results.address + line * result.lineStep);
    }
    present(planeToImages)(regions.results.address, regions.output.address, regions.shifts.address);
    return regions.output.floats;
  };
}
