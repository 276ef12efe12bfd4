import { GrimError, type CompiledProgram, type Graph } from '@grim/ir';
import type { ModelFile } from './model-file.ts';
import { requireGraph } from './require-graph.ts';

/** The compiled form of a model: the one in the file, or else its graph compiled now. */
export async function programOf(model: ModelFile): Promise<CompiledProgram> {
  return model.program ?? compile(model.file, requireGraph(model));
}

/** Compiles a graph; `file` is for error messages. The compiler is loaded on first use, for it is large. */
export async function compile(file: string, graph: Graph): Promise<CompiledProgram> {
  const { compileGraph } = await import('@grim/codegen-wasm');
  try {
    return await compileGraph(graph);
  } catch (error) {
    throw error instanceof GrimError ? error.within({ file }) : error;
  }
}
