import { compileGraph } from '@grim/codegen-wasm';
import { writeArtefact, type Graph } from '@grim/ir';
import { loadModel, type Session } from '@grim/runtime';

/** A model as it is shipped. */
export interface ShippedModel {
  readonly session: Session;
  /** Bytes of the `.grim` file: code, plan and weights as the kernels read them. */
  readonly fileBytes: number;
}

/** Compiles a graph for one thread and loads the file as a page would. */
export async function compileModel(graph: Graph): Promise<ShippedModel> {
  const program = await compileGraph(graph);
  const file = writeArtefact({ ...program, provenance: { grimVersion: 'workspace', options: {} } });
  const model = await loadModel(file, { file: graph.name });
  return { session: model.createSession(), fileBytes: file.length };
}
