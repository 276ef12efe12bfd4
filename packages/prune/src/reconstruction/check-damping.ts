import { GrimError } from '@grim/ir';

/**
 * Refuses a damping that is none.
 *
 * @throws `GrimError` when it is not above 0.
 */
export function checkDamping(damping: number | undefined): void {
  if (damping === undefined || (Number.isFinite(damping) && damping > 0)) return;
  throw new GrimError(`damping must be a finite number above 0, got ${damping}`);
}
