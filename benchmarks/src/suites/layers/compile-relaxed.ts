import { compileGraph } from '@grim/codegen-wasm';
import type { CompiledProgram, Graph } from '@grim/ir';

/** Compiles a graph; the code is the variant with the multiply-add of relaxed SIMD. */
export async function compileRelaxed(graph: Graph): Promise<CompiledProgram> {
  const program = await compileGraph(graph, { relaxedSimd: true });
  return { ...program, code: program.relaxedCode ?? program.code };
}
