import { GrimError } from '@grim/ir/program';

/** The one-line message of the `GrimError` that `action` throws; anything else fails the test. */
export function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (!(error instanceof GrimError)) throw error;
    if (error.message.includes('\n')) throw new Error(`more than one line: ${error.message}`);
    return error.message;
  }
  throw new Error('expected a GrimError, nothing was thrown');
}
