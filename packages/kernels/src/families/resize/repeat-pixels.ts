import { add, integer, load, multiply, shuffle } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression, ShuffledLanes } from '../../kernel-ir/types.ts';
import { storeLanes } from '../store-lanes.ts';
import type { ResizeProblem } from './resize-problem.ts';

/** Lanes of vector `index` of four pixels of which each is there `times` times. */
function repeatedLanes(index: number, times: number): ShuffledLanes {
  return Array.from({ length: 4 }, (_, lane) => Math.floor((4 * index + lane) / times) % 4);
}

/** Repeats rows and pixels: four pixels are loaded once, spread over vectors, and stored to all rows that repeat theirs. */
export function lowerRepeatPixels(
  builder: KernelBuilder,
  problem: ResizeProblem,
  times: { readonly rows: number; readonly pixels: number },
): void {
  const inputWidth = problem.width / times.pixels;
  /** Repeats the first `pixels` pixels from x on. */
  const emitPixels = (sourceRow: Expression, targetRow: Expression, x: Expression, pixels: number): void => {
    const four = builder.declare('four', load('f32x4', 'input', add(sourceRow, multiply(x, integer(4)))));
    const target = builder.declare('target', add(targetRow, multiply(x, integer(4 * times.pixels))));
    const count = pixels * times.pixels;
    for (let vector = 0; 4 * vector < count; vector++) {
      const lanes = repeatedLanes(vector, times.pixels);
      const repeated = times.pixels === 1 ? four : builder.declare('repeated', shuffle(four, four, lanes));
      for (let row = 0; row < times.rows; row++) {
        const offset = row * problem.outputRowStep + 16 * vector;
        storeLanes(builder, 'output', target, offset, repeated, count - 4 * vector);
      }
    }
  };
  builder.loop('channel', { to: problem.channels }, (channel) => {
    const source = builder.declare('plane', multiply(channel, integer(problem.inputChannelStep)));
    const target = builder.declare('targetPlane', multiply(channel, integer(problem.outputChannelStep)));
    builder.loop('row', { to: problem.inputHeight }, (y) => {
      const sourceRow = builder.declare('sourceRow', add(source, multiply(y, integer(problem.inputRowStep))));
      const targetRow = builder.declare(
        'targetRow',
        add(target, multiply(y, integer(problem.outputRowStep * times.rows))),
      );
      const whole = inputWidth - (inputWidth % 4);
      builder.loop('x', { to: whole, step: 4 }, (x) => {
        emitPixels(sourceRow, targetRow, x, 4);
      });
      const rest = inputWidth - whole;
      if (rest === 0) return;
      // The last vector reaches back over pixels already done where there are any.
      if (whole > 0) emitPixels(sourceRow, targetRow, integer(inputWidth - 4), 4);
      else emitPixels(sourceRow, targetRow, integer(0), rest);
    });
  });
}
