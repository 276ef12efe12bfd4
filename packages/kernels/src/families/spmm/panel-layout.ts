import { floatsOf } from '../floats.ts';
import type { SpmmProblem, SpmmSchedule } from './spmm-problem.ts';

/**
 * How the inputs of a block of pixels lie in a panel: per row, channel and phase as many pixels as a tile reads. Pixels that
 * are `strides[1]` apart, as the taps of a convolution with that stride read them, are neighbours.
 */
export interface PanelLayout {
  /** Output pixels of a row of a tile. */
  readonly pixels: number;
  /** Bytes of a pixel. */
  readonly pixelBytes: number;
  /** Distance between the inputs of two neighbouring output pixels, in rows and in pixels. */
  readonly strides: readonly [y: number, x: number];
  /** Phases that taps read. */
  readonly phases: number;
  /** Pixels of a phase that tiles read, whole vectors included. */
  readonly phasePixels: number;
  /** Bytes from one phase, channel and row to the next. */
  readonly phaseStep: number;
  readonly channelStep: number;
  readonly rowStep: number;
}

/** Where a tap of a convolution is, seen from the first one. */
export interface Tap {
  readonly channel: number;
  /** Rows of the input. */
  readonly y: number;
  /** Pixels of the input. */
  readonly x: number;
}

const VECTOR_BYTES = 16;

/** The layout that a schedule asks for. It does not depend on how high the image or a block is, so that parts share weights. */
export function panelLayout(
  { element, width, inputRowStep, inputPixelStep, window }: Omit<SpmmProblem, 'columns'>,
  { pixelVectors, panelChannels }: Pick<SpmmSchedule, 'pixelVectors' | 'panelChannels'>,
): PanelLayout {
  const { bytes, lanes } = floatsOf(element);
  const strideX = inputPixelStep / window.pixelStep;
  const pixels = Math.min(width, pixelVectors * lanes);
  const phases = Math.min(strideX, window.width);
  const phasePixels = Math.ceil(pixels / lanes) * lanes + Math.floor((window.width - 1) / strideX);
  const phaseStep = Math.ceil((phasePixels * bytes) / VECTOR_BYTES) * VECTOR_BYTES;
  const channelStep = phases * phaseStep;
  return {
    pixels,
    pixelBytes: bytes,
    strides: [inputRowStep / window.rowStep, strideX],
    phases,
    phasePixels,
    phaseStep,
    channelStep,
    rowStep: Math.min(panelChannels, window.channels) * channelStep,
  };
}

/** Rows of inputs under so many rows of pixels. */
export const panelRows = (
  { strides: [strideY] }: PanelLayout,
  { height: taps }: SpmmProblem['window'],
  height: number,
): number => (height - 1) * strideY + taps;

/** Bytes from the start of a panel to the input of the first pixel under a tap; channels count within the panel. */
export function panelOffset(layout: PanelLayout, { channel, y, x }: Tap): number {
  const [, strideX] = layout.strides;
  const phase = (x % strideX) * layout.phaseStep + Math.floor(x / strideX) * layout.pixelBytes;
  return y * layout.rowStep + channel * layout.channelStep + phase;
}
