import type { CompiledProgram, Graph } from '@grim/ir';
import { lowerGraph, type KernelTarget } from '@grim/kernels';

import { compileProgram, type VariantOptions } from './compile-program.ts';
import { readOperators } from './read-operators.ts';

/** What {@link compileGraph} emits. */
export interface CompileOptions extends VariantOptions {
  /**
   * Split large calls so that this many threads can share them (default 1). Any number of threads up to it computes the
   * same bits. Without a call that is large enough the model is compiled for one thread.
   */
  readonly threads?: number;
  /**
   * A WebAssembly module with the functions of custom operators: code that imports its memory as `env.memory` and nothing else, and
   * exports `__heap_base` and the functions, as `@grim/emscripten` compiles it. It becomes a part of the model's code, its data
   * a part of the image.
   */
  readonly operators?: Uint8Array;
  /** What schedules may count on, for the bits of code that was lowered for another target; see `lowerGraph`. */
  readonly target?: KernelTarget;
  /** Fewest operations of a part of a call, for tests and tuning; see `lowerGraph`. */
  readonly leastPart?: number;
}

/**
 * Compiles a graph to WebAssembly with 128-bit SIMD.
 *
 * @param graph - A valid graph with static shapes; see `lowerGraph` for what is refused.
 * @param options - Variants to emit besides strict code for one thread.
 * @throws GrimError when the graph cannot be compiled, the number of threads is none, or custom operators cannot be linked.
 * @returns (A promise of) plan, modules and constant image: together with a provenance, an artefact that the runtime loads.
 */
export async function compileGraph(graph: Graph, options: CompileOptions = {}): Promise<CompiledProgram> {
  const operators = options.operators && (await readOperators(options.operators));
  const program = lowerGraph(graph, {
    ...(operators && { reservedBytes: operators.memory.length }),
    ...(options.target && { target: options.target }),
    ...(options.threads !== undefined && { threads: options.threads }),
    ...(options.leastPart !== undefined && { leastPart: options.leastPart }),
  });
  return compileProgram(program, options, operators);
}
