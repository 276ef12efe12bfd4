import { neonProfiles } from '@grim/codegen-neon';
import { lowerGraph } from '@grim/kernels';
import { countInstructions } from '@grim/tools/count-instructions';
import type { Row } from '../../results/benchmark-result.ts';
import { grimSide } from '../layers/grim-side.ts';
import { layerGraph } from '../layers/layer-graph.ts';
import { describeShape } from '../layers/layer-shape.ts';
import { makeLayer, usefulMacs } from '../layers/layer.ts';
import { pruneWeights } from '../layers/pruning.ts';
import { requireAgreement } from '../layers/require-agreement.ts';
import type { ArmCompiler } from './arm-compilers.ts';
import type { ArmLayer } from './arm-layers.ts';
import { compileForArm, type Compiled } from './compile-for-arm.ts';
import { describePruning } from './describe-pruning.ts';
import { estimateCycles, type ProcessorModel } from './estimate-cycles.ts';
import { innerLoop } from './inner-loop.ts';
import { layerProgram, type LayerProgram } from './layer-program.ts';

/** The processor that code is rendered for and that is emulated. */
export const profile = neonProfiles['cortex-a76'];

/** Shares of the largest value that results may differ by from those of 32 bits: sums of halves are rounded to eleven bits. */
const tolerances = { f16: 2e-2, f32: 1e-4 } as const;

/** Instructions of one run, all symbols together: what compilers make calls of the C library for counts too. */
function instructionsOf(
  { program }: Compiled,
  { input }: LayerProgram,
): { instructions: number; output: Float32Array } {
  const run = (again: number): { total: number; output: Uint8Array } => {
    const { instructions, output } = countInstructions({
      program,
      input: input(again),
      processor: 'cortex-a76',
    });
    return { total: [...instructions.values()].reduce((sum, count) => sum + count, 0), output };
  };
  const [once, twice] = [run(0), run(1)];
  return { instructions: twice.total - once.total, output: new Float32Array(once.output.buffer) };
}

/** Multiply-adds per cycle of the loop that does most of them, by a model. */
function estimate(assembly: string, model: ProcessorModel): number | null {
  const loop = innerLoop(assembly);
  const cycles = loop && estimateCycles(loop.lines, model);
  return loop && cycles !== undefined ? loop.multiplyAdds / cycles : null;
}

/**
 * Compiles a layer with every compiler, runs it under emulation and counts.
 *
 * @throws Error when its results are not those of the same layer in WebAssembly.
 */
export async function countLayer(
  { shape, pruning, element = 'f32' }: ArmLayer,
  compilers: readonly ArmCompiler[],
): Promise<Row[]> {
  const layer = makeLayer('arm', shape);
  const weights = pruning ? pruneWeights(layer, pruning) : layer.weights;
  const program = lowerGraph(layerGraph(layer, weights), { target: profile, element });
  const values = new Map(layer.inputs.map((input) => [input.name, input.values]));
  const text = layerProgram(program, profile, values);
  const { output: expected } = await grimSide(layer, weights);
  const macs = usefulMacs(weights);
  return compilers.map((compiler) =>
    compileForArm(compiler, text.source, (compiled): Row => {
      const { instructions, output } = instructionsOf(compiled, text);
      requireAgreement(`${describeShape(shape)}, ${compiler.name}`, output, expected, tolerances[element]);
      return {
        side: 'GRIM',
        layer: shape.name,
        shape: describeShape(shape),
        pruning: describePruning(pruning),
        floats: element,
        compiler: compiler.name,
        macs,
        instructions,
        per_mac: instructions / macs,
        a55_macs_per_cycle: estimate(compiled.assembly, 'cortex-a55'),
        n1_macs_per_cycle: estimate(compiled.assembly, 'neoverse-n1'),
        m1_macs_per_cycle: estimate(compiled.assembly, 'apple-m1'),
      };
    }),
  );
}
