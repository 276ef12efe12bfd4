import { kernelsInPlace } from '@grim/codegen-c';
import { GrimError } from '@grim/ir';
import type { GridLimits, Kernel, Program } from '@grim/kernels';

/** One of the two memories of a program, and a byte in it. */
export interface ProgramPlace {
  readonly memory: 'context' | 'weights';
  readonly offset: number;
}

/** How the memory of a program is split: weights, which are never written, and what a context computes. */
export interface ProgramLayout {
  /** The weights, with room for a vector that is loaded beyond the last. */
  readonly weights: Uint8Array;
  /** Bytes of a context's memory. */
  readonly contextBytes: number;
  /** Where an address of the program is. */
  readonly place: (address: number) => ProgramPlace;
  /** Whether some call gives a kernel one piece of memory twice and it writes there. */
  readonly isInPlace: (kernel: Kernel) => boolean;
}

/** Vectors may be loaded this far beyond the last weight. */
const SLACK_BYTES = 16;

/**
 * The layout of a program on a device.
 *
 * @param limits - What the device allows. Images are over all weights at once.
 * @throws TypeError for a program whose kernels have no grid.
 * @throws GrimError where an image is to be of what is computed, or of more than the device allows.
 */
export function programLayout(
  program: Program,
  { imageBytes }: Pick<GridLimits, 'imageBytes'>,
): ProgramLayout {
  const { image, imageOffset, memoryBytes, calls } = program;
  const imageEnd = imageOffset + image.length;
  const memoryStart = Math.floor(imageEnd / 16) * 16;
  const isWeight = (address: number): boolean => address >= imageOffset && address < imageEnd;
  for (const { kernel, addresses, node } of calls) {
    if (!kernel.grid)
      throw new TypeError(`${kernel.name} has no grid: the program was not lowered for work-items`);
    const computed = kernel.grid.images.find((name) => {
      const address = addresses[kernel.buffers.findIndex((buffer) => buffer.name === name)];
      return address === undefined || !isWeight(address);
    });
    if (computed !== undefined) {
      throw new GrimError(`${computed} is computed, and only weights can be an image`, { layer: node });
    }
  }
  // Whole pixels of an image.
  const weights = new Uint8Array(Math.ceil(image.length / 16) * 16 + SLACK_BYTES);
  const reader = calls.find(({ kernel }) => (kernel.grid?.images.length ?? 0) > 0);
  if (reader && weights.length > imageBytes) {
    throw new GrimError(
      `reads weights from an image, and all of them have ${String(weights.length)} bytes, an image at most ${String(imageBytes)}`,
      { layer: reader.node },
    );
  }
  weights.set(image);
  const inPlace = kernelsInPlace(program);
  return {
    weights,
    contextBytes: memoryBytes - memoryStart + SLACK_BYTES,
    place: (address) =>
      isWeight(address)
        ? { memory: 'weights', offset: address - imageOffset }
        : { memory: 'context', offset: address - memoryStart },
    isInPlace: ({ name }) => inPlace.has(name),
  };
}
