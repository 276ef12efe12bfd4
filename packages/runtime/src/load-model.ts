import { GrimError, readProgram } from '@grim/ir/program';
import { startMachine } from './machine.ts';
import { createModel, type Model } from './model.ts';

/** How {@link loadModel} loads and reports. */
export interface LoadOptions {
  /** Name of the file, for error messages. */
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
 * Loads a compiled model. Everything is in the bytes: nothing else is fetched, and no path has to be configured.
 *
 * Works in Node, pages and workers. An AudioWorklet cannot be sent a compiled module, so post it the bytes and load there.
 *
 * @param bytes - A whole `.grim` file that holds a compiled model. It is not needed afterwards.
 * @throws GrimError when the file is damaged, holds no compiled model, or asks for what this engine lacks.
 */
export async function loadModel(bytes: Uint8Array | ArrayBuffer, options: LoadOptions = {}): Promise<Model> {
  const context = options.file === undefined ? {} : { file: options.file };
  try {
    const program = readProgram(ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes));
    return createModel(
      await startMachine(program, { strict: options.strict ?? false, threads: options.threads ?? 1 }),
    );
  } catch (error) {
    throw error instanceof GrimError ? error.within(context) : error;
  }
}
