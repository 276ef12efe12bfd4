/**
 * The rate after a share of the way to a final one: the sparsity is s (1 − (1 − t)³), where s is the final one (Zhu and
 * Gupta 2017, equation 1).
 *
 * @param rate - The final rate.
 * @param share - From 0 to 1.
 */
export function risingRate(rate: number, share: number): number {
  // Rounding must not lead beyond a rate that is just possible.
  return Math.min(rate, 1 / (1 - (1 - 1 / rate) * (1 - (1 - share) ** 3)));
}
