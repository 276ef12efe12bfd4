import { add, integer, load, multiply, shuffle, subtract } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import type { KernelFamily } from './family.ts';
import { kernelName } from './kernel-name.ts';

/**
 * Folds overlapping windows of a signal about their middle, so that filters that are symmetric or antisymmetric there
 * need half the multiply-adds: `even[p][k] = x[k] + x[size − k]`, `odd[p][k − 1] = x[k] − x[size − k]` for
 * k from 1 to size/2 − 1, and `even[p][0] = x[0]`, `even[p][size/2] = x[size/2]`, with x at p·step.
 */
export interface FoldWindowsProblem {
  /** Samples in a window, even, at least 4. */
  readonly size: number;
  /** Number of windows. */
  readonly positions: number;
  /** Bytes between the starts of two windows. */
  readonly inputStep: number;
  /** Bytes between two rows of `even`. */
  readonly evenStep: number;
  /** Bytes between two rows of `odd`. */
  readonly oddStep: number;
}

/** Folding has no choices. */
export type FoldWindowsSchedule = Readonly<Record<string, never>>;

function lower(problem: FoldWindowsProblem): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('even', 'write');
  builder.buffer('odd', 'write');
  const middle = problem.size / 2;
  builder.loop('position', { to: problem.positions }, (position) => {
    const source = builder.declare('source', multiply(position, integer(problem.inputStep)));
    const even = builder.declare('evenRow', multiply(position, integer(problem.evenStep)));
    const odd = builder.declare('oddRow', multiply(position, integer(problem.oddStep)));
    /** Four neighbours from sample k on, and their mirror images in reverse order. */
    const emitVector = (k: Expression, mirrored: Expression): void => {
      const left = builder.declare('left', load('f32x4', 'input', add(source, k)));
      const image = builder.declare('image', load('f32x4', 'input', add(source, mirrored)));
      const right = builder.declare('right', shuffle(image, image, [3, 2, 1, 0]));
      builder.store('even', add(even, k), 0, add(left, right));
      // odd starts at sample 1
      builder.store('odd', add(odd, subtract(k, integer(4))), 0, subtract(left, right));
    };
    const emitSample = (k: number): void => {
      const left = load('f32', 'input', source, 4 * k);
      const right = load('f32', 'input', source, 4 * (problem.size - k));
      builder.store('even', even, 4 * k, add(left, right));
      builder.store('odd', odd, 4 * (k - 1), subtract(left, right));
    };
    const pairs = middle - 1;
    if (pairs >= 4) {
      builder.loop('sample', { from: 4, to: 4 + 4 * (pairs - (pairs % 4)), step: 16 }, (byte) => {
        emitVector(byte, subtract(integer(4 * (problem.size - 3)), byte));
      });
      // The last four pairs again: writing some twice is cheaper than a scalar tail.
      if (pairs % 4 > 0)
        emitVector(integer(4 * (pairs - 3)), integer(4 * (problem.size - 3) - 4 * (pairs - 3)));
    } else {
      for (let k = 1; k <= pairs; k++) emitSample(k);
    }
    builder.store('even', even, 0, load('f32', 'input', source));
    builder.store('even', even, 4 * middle, load('f32', 'input', source, 4 * middle));
  });
  const name = kernelName('foldWindows', {
    k: problem.size,
    p: problem.positions,
    in: problem.inputStep,
    even: problem.evenStep,
    odd: problem.oddStep,
  });
  return builder.build(name, `fold ${String(problem.positions)} windows of ${String(problem.size)} samples`);
}

/** Symmetric and antisymmetric parts of overlapping windows. */
export const foldWindows: KernelFamily<FoldWindowsProblem, FoldWindowsSchedule> = {
  name: 'foldWindows',
  defaultSchedule: () => ({}),
  refuse: (problem) =>
    problem.size < 4 || problem.size % 2 !== 0
      ? `windows need an even size of at least 4, not ${String(problem.size)}`
      : undefined,
  sharedLoops: (problem) => ({
    loops: [
      {
        name: 'window',
        turns: problem.positions,
        multiple: 1,
        steps: { input: problem.inputStep, even: problem.evenStep, odd: problem.oddStep },
      },
    ],
    part: ([positions = problem.positions]) => ({ ...problem, positions }),
  }),
  lower,
};
