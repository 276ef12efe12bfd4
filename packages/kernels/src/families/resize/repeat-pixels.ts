import { add, integer, multiply, shuffle } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression, ShuffledLanes } from '../../kernel-ir/types.ts';
import { loadVector } from '../floats.ts';
import { storeLanes } from '../store-lanes.ts';
import { resizeFloats, type ResizeProblem } from './resize-problem.ts';

/** Lanes of vector `index` of the pixels of one vector, of which each is there `times` times. */
function repeatedLanes(index: number, lanes: number, times: number): ShuffledLanes {
  return Array.from({ length: lanes }, (_, lane) => Math.floor((lanes * index + lane) / times) % lanes);
}

/** Repeats rows and pixels: a vector of pixels is loaded once, spread over vectors, and stored to all rows that repeat theirs. */
export function lowerRepeatPixels(
  builder: KernelBuilder,
  problem: ResizeProblem,
  times: { readonly rows: number; readonly pixels: number },
): void {
  const floats = resizeFloats(problem);
  const { bytes, lanes: vectorLanes, vectorBytes } = floats;
  const inputWidth = problem.width / times.pixels;
  /** Repeats the first `pixels` pixels from x on. */
  const emitPixels = (sourceRow: Expression, targetRow: Expression, x: Expression, pixels: number): void => {
    const from = add(sourceRow, multiply(x, integer(bytes)));
    const pixel = builder.declare('four', loadVector(floats, 'input', from));
    const target = builder.declare('target', add(targetRow, multiply(x, integer(bytes * times.pixels))));
    const count = pixels * times.pixels;
    for (let vector = 0; vectorLanes * vector < count; vector++) {
      const lanes = repeatedLanes(vector, vectorLanes, times.pixels);
      const repeated = times.pixels === 1 ? pixel : builder.declare('repeated', shuffle(pixel, pixel, lanes));
      for (let row = 0; row < times.rows; row++) {
        const offset = row * problem.outputRowStep + vectorBytes * vector;
        storeLanes(builder, 'output', target, offset, repeated, count - vectorLanes * vector, floats);
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
      const whole = inputWidth - (inputWidth % vectorLanes);
      builder.loop('x', { to: whole, step: vectorLanes }, (x) => {
        emitPixels(sourceRow, targetRow, x, vectorLanes);
      });
      const rest = inputWidth - whole;
      if (rest === 0) return;
      // The last vector reaches back over pixels already done where there are any.
      if (whole > 0) emitPixels(sourceRow, targetRow, integer(inputWidth - vectorLanes), vectorLanes);
      else emitPixels(sourceRow, targetRow, integer(0), rest);
    });
  });
}
