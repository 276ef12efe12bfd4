/** What an error is about: the file, the layer in it, and what was expected there. */
export interface ErrorContext {
  /** Path or name of the file that was being read. */
  readonly file?: string;
  /** Name of the node, weight or section the error is about. */
  readonly layer?: string;
}

/**
 * A problem with what the user gave: a file, a model, a shape or an option.
 *
 * The message is one line. `context` says where; `toString`-style formatting (`file: layer: message`) is what
 * the command line prints before it exits with code 2. Anything that is not a `GrimError` is a defect in GRIM.
 */
export class GrimError extends Error {
  override readonly name = 'GrimError';
  /** The one-line problem without its location. */
  readonly problem: string;
  /** Where the problem is. */
  readonly context: ErrorContext;

  constructor(problem: string, context: ErrorContext = {}) {
    super([context.file, context.layer, problem].filter((part) => part !== undefined).join(': '));
    this.problem = problem;
    this.context = context;
  }

  /** The same error with more context; what is already known is kept. */
  within(context: ErrorContext): GrimError {
    return new GrimError(this.problem, { ...context, ...this.context });
  }
}

/** Runs `action`, adding `context` to any {@link GrimError} that leaves it. */
export function withContext<T>(context: ErrorContext, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof GrimError ? error.within(context) : error;
  }
}
