import type { CompileOptions } from '@grim/codegen-wasm';
import { GrimError, type CompiledProgram, type Graph } from '@grim/ir';
import type { ModelFile } from './model-file.ts';
import { requireGraph } from './require-graph.ts';

/**
 * The compiled form of a model: the one in the file, or else its graph compiled now.
 *
 * @param threads - How many threads a graph is compiled for.
 */
export async function programOf(model: ModelFile, threads = 1): Promise<CompiledProgram> {
  return model.program ?? compile(model.file, requireGraph(model), { threads });
}

/** Compiles a graph; `file` is for error messages. The compiler is loaded on first use, for it is large. */
export async function compile(
  file: string,
  graph: Graph,
  options: CompileOptions = {},
): Promise<CompiledProgram> {
  const { compileGraph } = await import('@grim/codegen-wasm');
  try {
    return await compileGraph(graph, options);
  } catch (error) {
    throw error instanceof GrimError ? error.within({ file }) : error;
  }
}
