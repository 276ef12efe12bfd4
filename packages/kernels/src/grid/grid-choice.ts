import type { Kernel } from '../kernel-ir/types.ts';

/** Where a buffer that is only read is read from. */
export type InputPlacement =
  /** Global memory, where it is. */
  | 'buffer'
  /** An image over global memory, read through the cache for textures. */
  | 'image'
  /** Memory of the work-group, which copies there what its work-items share before they compute. */
  | 'local';

/** How work-items share a kernel: what a tuner may choose beside the schedule. All of it has a default. */
export interface GridChoice {
  /** Consecutive turns of a shared loop that one work-item executes, by the loop's name; as few as possible by default. */
  readonly turns?: Readonly<Record<string, number>>;
  /**
   * Work-items of a work-group along a shared loop, by its name. By default some dozens, along loops whose neighbours have as much
   * to do.
   */
  readonly group?: Readonly<Record<string, number>>;
  /** Where buffers are read from, by name; `buffer` by default. */
  readonly placement?: Readonly<Record<string, InputPlacement>>;
  /** Where scratch buffers are; `private` by default. */
  readonly scratch?: 'local' | 'private';
}

/** A call whose grid is chosen. */
export interface GridCall {
  /** Node of the graph it belongs to. */
  readonly node: string;
  readonly family: string;
  /** The kernel as one caller would execute it. */
  readonly kernel: Kernel;
  /** Buffers of weights and tables, which no call writes, and the bytes of each. */
  readonly constants: ReadonlyMap<string, number>;
}

/** Work-items that share the calls of a program. */
export interface GridTarget {
  readonly limits: GridLimits;
  /** How they share a call; by default as {@link GridChoice} says. */
  readonly choose?: (call: GridCall) => GridChoice;
}

/** What a device allows; choices beyond it are refused. */
export interface GridLimits {
  /** Most work-items of a work-group. */
  readonly groupItems: number;
  /** Bytes of memory that a work-group has. */
  readonly localBytes: number;
  /** Bytes of the largest image over a buffer; 0 without images. */
  readonly imageBytes: number;
}
