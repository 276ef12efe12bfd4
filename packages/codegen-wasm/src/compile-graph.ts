import type { CompiledProgram, Graph, Plan } from '@grim/ir';
import { lowerGraph, type Program } from '@grim/kernels';

import { assemble } from './assemble.ts';
import { relaxedSimd, requiredFeatures, strictSimd } from './capabilities.ts';
import { entryName, renderModule } from './render-module.ts';

/** What {@link compileGraph} emits. */
export interface CompileOptions {
  /**
   * Emit a second variant of the code whose multiply-adds may round once (default false). A runtime takes it where the
   * engine has relaxed SIMD; results then differ between engines in the last bits. The strict variant is always there.
   */
  readonly relaxedSimd?: boolean;
}

/** The plan of a program as its WebAssembly modules implement it. */
function planOf(program: Program, options: CompileOptions): Plan {
  return {
    model: program.model,
    memoryBytes: program.memoryBytes,
    imageOffset: program.imageOffset,
    inputs: program.inputs,
    outputs: program.outputs,
    states: program.states,
    calls: program.calls.map((call, index) => ({
      entry: entryName(index),
      node: call.node,
      kernel: call.kernel.name,
      family: call.family,
      path: call.path,
      macs: call.macs,
      weightBytes: call.weightBytes,
      ...(call.result ? { result: call.result } : {}),
    })),
    features: requiredFeatures(strictSimd),
    ...(options.relaxedSimd && { relaxedFeatures: requiredFeatures(relaxedSimd) }),
  };
}

/**
 * Compiles a graph to WebAssembly with 128-bit SIMD.
 *
 * @param graph - A valid graph with static shapes; see `lowerGraph` for what is refused.
 * @param options - Variants to emit besides strict code for one thread.
 * @returns (A promise of) plan, modules and constant image: together with a provenance, an artefact that the runtime loads.
 */
export async function compileGraph(graph: Graph, options: CompileOptions = {}): Promise<CompiledProgram> {
  const program = lowerGraph(graph);
  const code = await assemble(renderModule(program, strictSimd));
  const relaxedCode = options.relaxedSimd && (await assemble(renderModule(program, relaxedSimd)));
  return { plan: planOf(program, options), code, ...(relaxedCode && { relaxedCode }), image: program.image };
}
