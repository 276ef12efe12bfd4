import type { CompiledProgram, Plan } from '@grim/ir';
import type { Program } from '@grim/kernels';

import { assemble } from './assemble.ts';
import { relaxedSimd, requiredFeatures, strictSimd, type WasmCapabilities } from './capabilities.ts';
import { checkOperators, withOperatorData } from './link-operators.ts';
import { moduleMemory } from './module-memory.ts';
import type { OperatorModule } from './read-operators.ts';
import { entryName, renderModule } from './render-module.ts';
import { usefulThreads } from './stages.ts';

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

/** Which variants of the code {@link compileProgram} emits. */
export interface VariantOptions {
  /**
   * Emit a second variant of the code whose multiply-adds may round once (default false). A runtime takes it where the
   * engine has relaxed SIMD; results then differ between engines in the last bits. The strict variant is always there.
   */
  readonly relaxedSimd?: boolean;
}

/**
 * Compiles a lowered graph to WebAssembly with 128-bit SIMD. {@link compileGraph} lowers one first.
 *
 * @param lowered - A lowered graph; with calls that were split for threads, code that threads share.
 * @param operators - The functions of custom operators, for which the program leaves `reservedBytes` free.
 * @throws GrimError naming the node when the program calls a function that is not there.
 * @returns (A promise of) plan, modules and constant image: together with a provenance, an artefact that the runtime loads.
 */
export async function compileProgram(
  lowered: Program,
  options: VariantOptions = {},
  operators?: OperatorModule,
): Promise<CompiledProgram> {
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
