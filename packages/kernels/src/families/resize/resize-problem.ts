import type { ElementType } from '../../kernel-ir/types.ts';
import { floatsOf, wideFloatsOf, type Floats } from '../floats.ts';

/**
 * Where the elements of the output come from. `nearest` and `linear` read it from tables of {@link resizeEntry}, one entry per
 * row of the output in buffer `rows` and one per pixel of a row in buffer `pixels`.
 */
export type ResizeSampling =
  /** Every element of the input is there `rows` times down and `pixels` times across. */
  | { readonly kind: 'repeat'; readonly rows: number; readonly pixels: number }
  /** One element, at the sum of the `lower` offsets of its row and its pixel. */
  | { readonly kind: 'nearest' }
  /** Two neighbours along a row, and two rows where the tables mix those too; otherwise row `y` is made of row `y`. */
  | { readonly kind: 'linear'; readonly mixesRows: boolean };

/**
 * An entry of a table, 16 bytes: `y = lowerShare · x[lower] + upperShare · x[upper]`, offsets in bytes.
 *
 * An element that counts alone has two shares of a half, so that no other is multiplied by 0: it may be infinite.
 */
export const resizeEntry = { bytes: 16, lower: 0, upper: 4, lowerShare: 8, upperShare: 12 } as const;

/** Resampling of images or sequences, channel by channel. */
export interface ResizeProblem {
  /** Floats in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
  /** Whether lanes are neighbouring pixels of one channel, or neighbouring channels of one pixel. */
  readonly lanes: 'channels' | 'pixels';
  readonly channels: number;
  /** Rows of the output. */
  readonly height: number;
  /** Pixels in a row of the output. */
  readonly width: number;
  /** Rows of the input. */
  readonly inputHeight: number;
  /** Bytes between two channels of the input; those of an element when channels are in lanes. */
  readonly inputChannelStep: number;
  /** Bytes between two rows of the input. */
  readonly inputRowStep: number;
  /** Bytes between two channels of the output; those of an element when channels are in lanes. */
  readonly outputChannelStep: number;
  /** Bytes between two rows of the output. */
  readonly outputRowStep: number;
  /** Bytes between two pixels of the output; those of an element when pixels are in lanes. */
  readonly outputPixelStep: number;
  readonly sampling: ResizeSampling;
  /** Floats after the last channel of a pixel that may be overwritten; of use when channels are in lanes. */
  readonly outputSlack: number;
}

/** Resizing has no choices. */
export type ResizeSchedule = Readonly<Record<string, never>>;

/** Floats of buffer `scratch`, in which rows of one channel lie that are resized along themselves. */
export function resizeScratch({ inputHeight, width }: Pick<ResizeProblem, 'inputHeight' | 'width'>): number {
  return inputHeight * scratchRow(width);
}

/** Floats from one row in `scratch` to the next: whole vectors. */
export function scratchRow(width: number): number {
  return Math.ceil(width / 4) * 4;
}

/** Elements are moved as they are, or mixed in 32 bits. */
export const resizeFloats = ({ sampling, element }: Pick<ResizeProblem, 'element' | 'sampling'>): Floats =>
  sampling.kind === 'linear' ? wideFloatsOf(element) : floatsOf(element);
