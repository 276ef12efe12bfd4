import { BYTES } from './tiles.ts';

const PAGE_BYTES = 65536;

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
 * Regions of zeros for that many numbers each. They lie where those of the call before lay: nothing may wait between a call and the last use of
 * what it gave.
 */
export function layOut<Names extends string>(
  extents: Readonly<Record<Names, number>>,
): Record<Names, Region> {
  const entries = Object.entries<number>(extents);
  const bytesOf = (extent: number): number => (Math.ceil((extent * BYTES) / LINE_BYTES) + 1) * LINE_BYTES;
  const needed = entries.reduce((sum, [, extent]) => sum + bytesOf(extent), 0);
  const missing = needed - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  new Uint8Array(memory.buffer, 0, needed).fill(0);
  let address = 0;
  const regions = entries.map(([name, extent]) => {
    const floats = new Float32Array(memory.buffer, address, extent);
    const region = { address, floats, integers: new Int32Array(memory.buffer, address, extent) };
    address += bytesOf(extent);
    return [name, region] as const;
  });
  return Object.fromEntries(regions) as Record<Names, Region>;
}
