import type { CompiledProgram, Graph, Plan } from '@grim/ir';
import { lowerGraph, type Program } from '@grim/kernels';

import { assemble } from './assemble.ts';
import { entryName, renderModule } from './render-module.ts';

/** The plan of a program as its WebAssembly module implements it. */
function planOf(program: Program): Plan {
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
    features: ['simd128'],
  };
}

/**
 * Compiles a graph to WebAssembly with 128-bit SIMD.
 *
 * @param graph - A valid graph with static shapes; see `lowerGraph` for what is refused.
 * @returns (A promise of) plan, module and constant image: together with a provenance, an artefact that the runtime loads.
 */
export async function compileGraph(graph: Graph): Promise<CompiledProgram> {
  const program = lowerGraph(graph);
  return { plan: planOf(program), code: await assemble(renderModule(program)), image: program.image };
}
