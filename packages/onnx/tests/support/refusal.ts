import { GrimError } from '@grim/ir';

/** The message of the `GrimError` that `action` throws; anything else is passed on, and so fails the test. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof GrimError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}
