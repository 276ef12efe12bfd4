import type { CompileOptions } from '@grim/codegen-wasm';
import { GrimError, type CompiledProgram, type Graph } from '@grim/ir';
import { compileOperators } from '../operators/compile-operators.ts';
import type { ModelFile } from './model-file.ts';
import { requireGraph } from './require-graph.ts';

/**
 * The compiled form of a model: the one in the file, or else its graph compiled now.
 *
 * @param threads - How many threads a graph is compiled for.
 */
export async function programOf(model: ModelFile, threads = 1): Promise<CompiledProgram> {
  return (
    model.program ??
    compileWithOperators(model.file, requireGraph(model), model.settings.operators, { threads })
  );
}

/**
 * Compiles a graph and, where it calls operators of the user's own, those. The compiler is loaded on first use, for it is large.
 *
 * @param file - Path of the model, for error messages.
 * @param operators - File with the operators, see `readOperatorsFile`.
 */
export async function compileWithOperators(
  file: string,
  graph: Graph,
  operators: string | undefined,
  options: CompileOptions,
): Promise<CompiledProgram> {
  const module = operators === undefined ? undefined : await compileOperators(operators, graph);
  const { compileGraph } = await import('@grim/codegen-wasm');
  try {
    return await compileGraph(graph, { ...options, ...(module && { operators: module }) });
  } catch (error) {
    throw error instanceof GrimError ? error.within({ file }) : error;
  }
}
