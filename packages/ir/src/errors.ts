/** What an error is about: the file, the layer in it, and what was expected there. */
export interface ErrorContext {
  /** Path or name of the file that was being read. */
  readonly file?: string;
  /** Name of the node, weight or section the error is about. */
  readonly layer?: string;
}

const mark = Symbol.for('@grim/ir/GrimError');

/**
 * A problem with what the user gave: a file, a model, a shape or an option.
 *
 * The message is one line. `context` says where; `toString`-style formatting (`file: layer: message`) is what
 * the command line prints before it exits with code 2. Anything that is not a `GrimError` is a defect in GRIM.
 */
export class GrimError extends Error {
  /**
   * Any error that bears the mark is one, whichever copy of this class made it: the CommonJS builds of two entry points,
   * or two installed versions, each have their own.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && mark in value;
  }

  /** Marks errors of this kind across copies of the class. */
  readonly [mark] = true;
  override readonly name = 'GrimError';
  /** The one-line problem without its location. */
  readonly problem: string;
  /** Where the problem is. */
  readonly context: ErrorContext;

  constructor(problem: string, context: ErrorContext = {}) {
    super(oneLine([context.file, context.layer, problem].filter((part) => part !== undefined).join(': ')));
    this.problem = oneLine(problem);
    this.context = context;
  }

  /** The same error with more context; what is already known is kept. */
  within(context: ErrorContext): GrimError {
    return new GrimError(this.problem, { ...context, ...this.context });
  }
}

/** Names come from files: line breaks and terminal control sequences in them are shown, not obeyed. */
function oneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Runs `action`, adding `context` to any {@link GrimError} that leaves it. */
export function withContext<T>(context: ErrorContext, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof GrimError ? error.within(context) : error;
  }
}
