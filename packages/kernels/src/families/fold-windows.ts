import { add, integer, multiply, shuffle, subtract } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';
import type { KernelFamily } from './family.ts';
import { floatsOf, hasHalves, loadScalar, loadVector } from './floats.ts';
import { kernelName } from './kernel-name.ts';

/**
 * Folds overlapping windows of a signal about their middle, so that filters that are symmetric or antisymmetric there
 * need half the multiply-adds: `even[p][k] = x[k] + x[size − k]`, `odd[p][k − 1] = x[k] − x[size − k]` for
 * k from 1 to size/2 − 1, and `even[p][0] = x[0]`, `even[p][size/2] = x[size/2]`, with x at p·step.
 */
export interface FoldWindowsProblem {
  /** Floats in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
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
  const floats = floatsOf(problem.element);
  const { bytes, lanes } = floats;
  const middle = problem.size / 2;
  builder.loop('position', { to: problem.positions }, (position) => {
    const source = builder.declare('source', multiply(position, integer(problem.inputStep)));
    const even = builder.declare('evenRow', multiply(position, integer(problem.evenStep)));
    const odd = builder.declare('oddRow', multiply(position, integer(problem.oddStep)));
    /** Neighbours from sample k on, and their mirror images in reverse order. */
    const emitVector = (k: Expression, mirrored: Expression): void => {
      const left = builder.declare('left', loadVector(floats, 'input', add(source, k)));
      const image = builder.declare('image', loadVector(floats, 'input', add(source, mirrored)));
      const reversed = Array.from({ length: lanes }, (_, lane) => lanes - 1 - lane);
      const right = builder.declare('right', shuffle(image, image, reversed));
      builder.store('even', add(even, k), 0, add(left, right));
      // odd starts at sample 1
      builder.store('odd', add(odd, subtract(k, integer(bytes))), 0, subtract(left, right));
    };
    const emitSample = (k: number): void => {
      const left = loadScalar(floats, 'input', source, bytes * k);
      const right = loadScalar(floats, 'input', source, bytes * (problem.size - k));
      builder.store('even', even, bytes * k, add(left, right));
      builder.store('odd', odd, bytes * (k - 1), subtract(left, right));
    };
    const pairs = middle - 1;
    if (pairs >= lanes) {
      const whole = pairs - (pairs % lanes);
      // Mirror images end where samples from k on begin.
      const images = bytes * (problem.size - (lanes - 1));
      builder.loop('sample', { from: bytes, to: bytes + bytes * whole, step: bytes * lanes }, (byte) => {
        emitVector(byte, subtract(integer(images), byte));
      });
      // The last pairs again: writing some twice is cheaper than a scalar tail.
      const last = bytes * (pairs - (lanes - 1));
      if (pairs > whole) emitVector(integer(last), integer(images - last));
    } else {
      for (let k = 1; k <= pairs; k++) emitSample(k);
    }
    builder.store('even', even, 0, loadScalar(floats, 'input', source));
    builder.store('even', even, bytes * middle, loadScalar(floats, 'input', source, bytes * middle));
  });
  const name = kernelName('foldWindows', {
    f16: hasHalves(problem),
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
