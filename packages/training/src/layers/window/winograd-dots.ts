import { compileKernels } from '../../products/compile-kernels.ts';
import { dotsKernel } from '../../products/dots-kernel.ts';
import { setRowStarts } from '../../products/set-row-starts.ts';
import { oneSpan } from '../../products/spans.ts';
import { BYTES } from '../../products/tiles.ts';
import { transformKernel } from '../../products/transform-kernel.ts';
import { layOut, memory } from '../../products/workspace.ts';
import { present } from '../present.ts';
import { matricesOfOperand, matricesOfTiles } from './matrices-of-tiles.ts';
import { squaresOfKernels, tiledPlane } from './tiled-plane.ts';
import { transposed, winograd } from './winograd-matrices.ts';
import type { WindowSums } from './winograd-sums.ts';

/** Derivatives of the sums [N,M,…] and images [N,C,…] to derivatives of weights [M,C,3,3], in the memory of kernels. */
export type ComputeDots = (cotangent: Float32Array, images: Float32Array) => Float32Array;

/**
 * Derivatives by the weights of {@link makeWinogradSums}. Each step there is linear in each of its operands, so these are the transposes
 * of the steps, the last one first.
 */
export async function makeWinogradDots({
  batch,
  channels,
  filters,
  input,
  output,
  padsBegin,
}: WindowSums): Promise<ComputeDots> {
  const plane = tiledPlane(output, batch);
  const { operand, result, rowLength } = plane;
  const elements = winograd.inputs ** 2;
  const compiled = await compileKernels(
    [
      ...matricesOfOperand({ batch, channels, input, padsBegin }, plane),
      ...matricesOfTiles(
        {
          name: 'cotangent',
          batch,
          channels: filters,
          extent: output,
          layout: result,
          start: 0,
          matrix: transposed(winograd.toOutputs),
        },
        plane,
      ),
      dotsKernel({ rows: filters, slices: channels, spans: oneSpan(rowLength), rowStep: rowLength }),
      transformKernel({
        name: 'matricesToKernels',
        matrix: transposed(winograd.ofKernel),
        from: squaresOfKernels(filters, channels),
        to: { rowStep: winograd.kernel, columnStep: 1 },
        runs: [{ count: filters * channels, fromStep: 1, toStep: winograd.kernel ** 2 }],
        lanes: 1,
      }),
    ],
    memory,
  );
  const [imagesToPlane, tilesToMatrices, cotangentToPlane, cotangentToMatrices, sumDots, matricesToKernels] =
    compiled;

  return (cotangent, images) => {
    const regions = layOut(
      {
        plane: channels * operand.channelStep,
        cotangentPlane: filters * result.channelStep,
        kernels: elements * filters * channels,
      },
      {
        images: images.length,
        cotangent: cotangent.length,
        starts: channels,
        tiles: elements * channels * rowLength,
        cotangentTiles: elements * filters * rowLength,
        weights: filters * channels * winograd.kernel ** 2,
      },
    );
    const { tiles, cotangentTiles, kernels, starts } = regions;
    regions.images.floats.set(images);
    regions.cotangent.floats.set(cotangent);
    setRowStarts(starts, channels, rowLength);
    present(imagesToPlane)(regions.images.address, regions.plane.address);
    present(cotangentToPlane)(regions.cotangent.address, regions.cotangentPlane.address);
    for (let row = 0; row < plane.tiles[0]; row++) {
      const line = row * winograd.outputs * BYTES;
      present(tilesToMatrices)(regions.plane.address + line * operand.lineStep, tiles.address);
      present(cotangentToMatrices)(
        regions.cotangentPlane.address + line * result.lineStep,
        cotangentTiles.address,
      );
      for (let element = 0; element < elements; element++) {
        present(sumDots)(
          cotangentTiles.address + element * filters * rowLength * BYTES,
          tiles.address + element * channels * rowLength * BYTES,
          starts.address,
          kernels.address + element * filters * channels * BYTES,
        );
      }
    }
    present(matricesToKernels)(kernels.address, regions.weights.address);
    return regions.weights.floats;
  };
}
