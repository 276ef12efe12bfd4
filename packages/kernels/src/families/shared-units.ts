import type { ElementType } from '../kernel-ir/types.ts';
import type { SharedLoops } from './family.ts';
import { wideFloatsOf } from './floats.ts';

/** The loop of a recurrent layer's gates over its hidden units, which are neighbours in all of `buffers`. */
export function sharedUnits<Problem extends { readonly hidden: number; readonly element?: ElementType }>(
  problem: Problem,
  buffers: readonly string[],
): SharedLoops<Problem> {
  const { bytes, lanes } = wideFloatsOf(problem.element);
  const steps = Object.fromEntries(buffers.map((buffer) => [buffer, bytes]));
  return {
    loops: [{ name: 'unit', turns: problem.hidden, multiple: lanes, steps }],
    part: ([hidden = problem.hidden]) => ({ ...problem, hidden }),
  };
}
