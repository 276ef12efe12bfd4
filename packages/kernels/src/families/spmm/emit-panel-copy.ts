import { add, integer, multiply } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { constantOf, floatsOf, loadApart } from '../floats.ts';
import { panelRows, type PanelLayout } from './panel-layout.ts';
import type { SpmmProblem } from './spmm-problem.ts';

/** What is copied into a panel, and where it lies. */
export interface PanelCopy {
  readonly layout: PanelLayout;
  /** Rows of pixels under the panel. */
  readonly height: number;
  /** Address of the first input of the first channel. */
  readonly source: Expression;
  /** Channels to copy. */
  readonly channels: Expression;
}

/**
 * Copies the inputs of a block of pixels into a panel. What tiles read beyond the image is zero, so that they compute with
 * numbers that are not slow.
 */
export function emitPanelCopy(
  builder: KernelBuilder,
  { element, window }: Pick<SpmmProblem, 'element' | 'window'>,
  { layout, height, source, channels }: PanelCopy,
): void {
  const floats = floatsOf(element);
  const { bytes, lanes: vectorLanes, vector: type } = floats;
  const [strideY, strideX] = layout.strides;
  // Pixels of a row that belong to outputs; rows between the taps of a wide stride are left out.
  const rowPixels = (layout.pixels - 1) * strideX + window.width;
  const isSparse = window.height < strideY;
  const rows = panelRows(layout, window, height);

  const copyRow = (from: Expression, to: Expression): void => {
    for (let phase = 0; phase < layout.phases; phase++) {
      const pixels = Math.ceil((rowPixels - phase) / strideX);
      const target = phase * layout.phaseStep;
      const whole = pixels - (pixels % vectorLanes);
      const copy = (pixel: number, lanes: number): void => {
        const offset = (phase + pixel * strideX) * window.pixelStep;
        const stride = strideX * window.pixelStep;
        // Not `loadStrided()`: what lies beyond the pixels must be zero here.
        const value: Expression =
          lanes === vectorLanes
            ? loadApart(floats, 'input', from, offset, stride)
            : { op: 'loadStrided', type, buffer: 'input', address: from, offset, stride, lanes };
        builder.store('scratch', to, target + pixel * bytes, value);
      };
      for (let pixel = 0; pixel < whole; pixel += vectorLanes) copy(pixel, vectorLanes);
      // The last vector reaches back over pixels already copied, unless zeros have to follow it.
      const reachesBack = pixels > vectorLanes && layout.phasePixels <= pixels;
      if (pixels > whole) {
        copy(reachesBack ? pixels - vectorLanes : whole, reachesBack ? vectorLanes : pixels - whole);
      }
      const behind = Math.ceil(pixels / vectorLanes) * vectorLanes;
      for (let pixel = behind; pixel * bytes < layout.phaseStep; pixel += vectorLanes) {
        builder.store('scratch', to, target + pixel * bytes, constantOf(floats, 0));
      }
    }
  };
  const forRows = (emit: (row: Expression) => void): void => {
    builder.loop('inputRow', { to: rows, step: isSparse ? strideY : 1 }, (first) => {
      for (let row = 0; row < (isSparse ? window.height : 1); row++) emit(add(first, integer(row)));
    });
  };
  const forChannels = (emit: (channel: Expression) => void): void => {
    builder.loop('channel', { to: channels }, emit);
  };
  builder.comment('copy a panel of inputs');
  const copyOne = (row: Expression, channel: Expression): void => {
    const place = (steps: { rowStep: number; channelStep: number }): Expression =>
      add(multiply(row, integer(steps.rowStep)), multiply(channel, integer(steps.channelStep)));
    copyRow(builder.declare('from', add(source, place(window))), builder.declare('to', place(layout)));
  };
  // In the order in which the inputs lie in memory.
  if (window.rowStep > window.channelStep) {
    forRows((row) => {
      forChannels((channel) => {
        copyOne(row, channel);
      });
    });
  } else {
    forChannels((channel) => {
      forRows((row) => {
        copyOne(row, channel);
      });
    });
  }
}
