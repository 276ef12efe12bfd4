/** A rate that a matrix cannot be pruned to, for its blocks or for what must be kept of it; a lower one may be possible. */
export class BeyondReachError extends RangeError {
  public override readonly name = 'BeyondReachError';
}
