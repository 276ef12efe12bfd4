import type { SpmmProblem } from './spmm-problem.ts';

/** Fewest products that an input is used in, were nothing pruned, for a copy of it to save more than it costs. */
const LEAST_USES = 256;

/** Whether a sparse convolution is used to gain from copies of its inputs in panels: each input has to be used often. */
export function isWorthPanels({
  rows,
  width,
  window,
}: Pick<SpmmProblem, 'rows' | 'width'> & {
  readonly window: Pick<SpmmProblem['window'], 'height' | 'width'>;
}): boolean {
  return width > 1 && rows * window.height * window.width >= LEAST_USES;
}
