import { GrimError } from '@grim/ir';

/**
 * Runs something of `@grim/bcr`, which knows no layers, and names the layer in what it refuses.
 *
 * @throws `GrimError` in place of the `RangeError` that `action` throws.
 */
export function refuseAs<T>(layer: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof RangeError ? new GrimError(error.message, { layer }) : error;
  }
}
