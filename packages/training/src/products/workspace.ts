import { GrimError } from '@grim/ir';
import { BYTES } from './tiles.ts';

const PAGE_BYTES = 65536;

/** What 32 bits can address. */
const maximumBytes = 2 ** 32;

/** Regions start at cache lines; the spare lines let kernels read beyond a row by less than a vector. */
const LINE_BYTES = 64;

/** Part of the memory of kernels. */
export interface Region {
  readonly address: number;
  /** Its floats, and the same memory as integers. */
  readonly floats: Float32Array;
  readonly integers: Int32Array;
}

/** The memory that kernels compute in. What they are given is copied there before a call, and what they give back is copied out. */
export const memory = new WebAssembly.Memory({ initial: 1 });

/**
 * Regions for that many numbers each. They lie where those of the call before lay: nothing may wait between a call and the last use of
 * what it gave.
 *
 * @param zeros - Regions of zeros.
 * @param others - Regions that hold anything: all that is read of them is written before.
 * @throws `GrimError` when they need more than 32 bits can address, or more than there is.
 */
export function layOut<Zeros extends string, Others extends string = never>(
  zeros: Readonly<Record<Zeros, number>>,
  others?: Readonly<Record<Others, number>>,
): Record<Others | Zeros, Region> {
  const bytesOf = (extent: number): number => (Math.ceil((extent * BYTES) / LINE_BYTES) + 1) * LINE_BYTES;
  const bytesOfAll = (extents: Readonly<Record<string, number>>): number =>
    Object.values(extents).reduce((sum, extent) => sum + bytesOf(extent), 0);
  const all: Readonly<Record<string, number>> = { ...zeros, ...others };
  growTo(bytesOfAll(all));
  new Uint8Array(memory.buffer, 0, bytesOfAll(zeros)).fill(0);
  let address = 0;
  const regions = Object.entries(all).map(([name, extent]) => {
    const floats = new Float32Array(memory.buffer, address, extent);
    const region = { address, floats, integers: new Int32Array(memory.buffer, address, extent) };
    address += bytesOf(extent);
    return [name, region] as const;
  });
  return Object.fromEntries(regions) as Record<Others | Zeros, Region>;
}

function growTo(bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing <= 0) return;
  if (bytes > maximumBytes) {
    throw new GrimError(
      `needs ${bytes} bytes of memory, at most ${maximumBytes} can be had: take a smaller batch`,
    );
  }
  try {
    memory.grow(Math.ceil(missing / PAGE_BYTES));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GrimError(`needs ${bytes} bytes of memory, which are not to be had: take a smaller batch`);
  }
}
