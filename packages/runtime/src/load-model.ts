import { GrimError, readProgram } from '@grim/ir/program';
import { startMachine } from './machine.ts';
import { createModel, type Model } from './model.ts';
import { nameOfSource, readSource, type ModelSource } from './read-source.ts';

/** How {@link loadModel} loads and reports. */
export interface LoadOptions {
  /** Name of the file, for error messages (default: the URL, if that is where it comes from). */
  readonly file?: string;
  /**
   * Run only code that computes the same bits on every engine (default false). It matters for files that also hold a
   * relaxed variant, which is taken where the engine supports it.
   */
  readonly strict?: boolean;
  /**
   * How many threads run the model together (default 1). More than one takes a model that was compiled for it and, in
   * a page, cross-origin isolation; without these one thread runs it, and `model.threads` says why. Results are the same
   * bit for bit. Call `model.close` when the model is not needed any more.
   */
  readonly threads?: number;
}

/**
 * Loads a compiled model. Everything is in the one file: nothing else is fetched, and no path has to be configured.
 *
 * Works in Node, pages and workers. An AudioWorklet cannot be sent a compiled module, so post it the bytes and load there.
 *
 * @param source - The bytes of a whole `.grim` file that holds a compiled model, which are not needed afterwards; or its URL,
 * which is fetched, or read where it is a `file:` URL in Node.
 * @throws GrimError when the file cannot be had, is damaged, holds no compiled model, or asks for what this engine lacks.
 */
export async function loadModel(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  const file = options.file ?? nameOfSource(source);
  try {
    const program = readProgram(await readSource(source));
    return createModel(
      await startMachine(program, { strict: options.strict ?? false, threads: options.threads ?? 1 }),
    );
  } catch (error) {
    throw error instanceof GrimError ? error.within(file === undefined ? {} : { file }) : error;
  }
}
