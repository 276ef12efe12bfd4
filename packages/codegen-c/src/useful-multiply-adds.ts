import type { Program } from '@grim/kernels';

/** Multiply-adds of a run whose weight is not zero: padding does not count, nor do zeros of a pruned layer that stays dense. */
export function usefulMultiplyAdds({ calls }: Pick<Program, 'calls'>): number {
  return Math.round(calls.reduce((sum, { macs, padding = 1 }) => sum + macs / padding, 0));
}
