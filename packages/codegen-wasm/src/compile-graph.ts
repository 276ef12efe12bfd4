import type { CompiledProgram, Graph, Plan } from '@grim/ir';
import { lowerGraph, type Program } from '@grim/kernels';

import { assemble } from './assemble.ts';
import { relaxedSimd, requiredFeatures, strictSimd, type WasmCapabilities } from './capabilities.ts';
import { checkOperators, withOperatorData } from './link-operators.ts';
import { moduleMemory } from './module-memory.ts';
import { readOperators } from './read-operators.ts';
import { entryName, renderModule } from './render-module.ts';
import { usefulThreads } from './stages.ts';

/** What {@link compileGraph} emits. */
export interface CompileOptions {
  /**
   * Emit a second variant of the code whose multiply-adds may round once (default false). A runtime takes it where the
   * engine has relaxed SIMD; results then differ between engines in the last bits. The strict variant is always there.
   */
  readonly relaxedSimd?: boolean;
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
  /** Fewest operations of a part of a call, for tests and tuning; see `lowerGraph`. */
  readonly leastPart?: number;
}

/** The plan of a program as its WebAssembly modules implement it. */
function planOf(program: Program, strict: WasmCapabilities, relaxed?: WasmCapabilities): Plan {
  const { bytes, controlOffset } = moduleMemory(program, strict);
  return {
    model: program.model,
    memoryBytes: bytes,
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
      ...(call.padding !== undefined && { padding: call.padding }),
      ...(call.result ? { result: call.result } : {}),
    })),
    features: requiredFeatures(strict),
    ...(relaxed && { relaxedFeatures: requiredFeatures(relaxed) }),
    ...(controlOffset !== undefined && { threads: { count: usefulThreads(program), controlOffset } }),
  };
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
  const lowered = lowerGraph(graph, {
    ...(operators && { reservedBytes: operators.memory.length }),
    ...(options.threads !== undefined && { threads: options.threads }),
    ...(options.leastPart !== undefined && { leastPart: options.leastPart }),
  });
  checkOperators(lowered, operators);
  const program = operators ? withOperatorData(lowered, operators) : lowered;
  const threads = usefulThreads(program) > 1;
  const strict = { ...strictSimd, threads };
  const relaxed = options.relaxedSimd ? { ...relaxedSimd, threads } : undefined;
  const code = await assemble(renderModule(program, strict, operators?.text));
  const relaxedCode = relaxed && (await assemble(renderModule(program, relaxed, operators?.text)));
  return {
    plan: planOf(program, strict, relaxed),
    code,
    ...(relaxedCode && { relaxedCode }),
    image: program.image,
  };
}
