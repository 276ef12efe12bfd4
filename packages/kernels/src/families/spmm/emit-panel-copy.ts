import { add, float, integer, loadStrided, multiply } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
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
  { window }: Pick<SpmmProblem, 'window'>,
  { layout, height, source, channels }: PanelCopy,
): void {
  const [strideY, strideX] = layout.strides;
  // Pixels of a row that belong to outputs; rows between the taps of a wide stride are left out.
  const rowPixels = (layout.pixels - 1) * strideX + window.width;
  const isSparse = window.height < strideY;
  const rows = panelRows(layout, window, height);

  const copyRow = (from: Expression, to: Expression): void => {
    for (let phase = 0; phase < layout.phases; phase++) {
      const pixels = Math.ceil((rowPixels - phase) / strideX);
      const target = phase * layout.phaseStep;
      const whole = pixels - (pixels % 4);
      const copy = (pixel: number, lanes: number): void => {
        const offset = (phase + pixel * strideX) * window.pixelStep;
        const stride = strideX * window.pixelStep;
        // Not `loadStrided()`: what lies beyond the pixels must be zero here.
        const value: Expression =
          lanes === 4
            ? loadStrided('input', from, offset, stride)
            : { op: 'loadStrided', type: 'f32x4', buffer: 'input', address: from, offset, stride, lanes };
        builder.store('scratch', to, target + pixel * 4, value);
      };
      for (let pixel = 0; pixel < whole; pixel += 4) copy(pixel, 4);
      // The last vector reaches back over pixels already copied, unless zeros have to follow it.
      const reachesBack = pixels > 4 && layout.phasePixels <= pixels;
      if (pixels > whole) copy(reachesBack ? pixels - 4 : whole, reachesBack ? 4 : pixels - whole);
      for (let pixel = Math.ceil(pixels / 4) * 4; pixel * 4 < layout.phaseStep; pixel += 4) {
        builder.store('scratch', to, target + pixel * 4, float(0));
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
