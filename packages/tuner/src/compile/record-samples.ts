import type { SampleStep } from '@grim/codegen-c';
import { withContext, type Graph } from '@grim/ir';
import type { KernelTarget } from '@grim/kernels';
import { closingModels } from '../model/closing-models.ts';
import { compileWithOperators } from '../model/program-of.ts';
import { startProgram } from '../model/start-program.ts';
import { randomFrames } from '../reference/random-frames.ts';

/** Any other would do: samples must only be the same in every compilation. */
const seed = 1;

/** What samples are recorded of. */
export interface SampledModel {
  readonly file: string;
  readonly graph: Graph;
  /** File with operators of the user's own. */
  readonly operators?: string | undefined;
  /** What the graph is lowered for. */
  readonly target: KernelTarget;
}

/**
 * Runs a graph on noise and keeps what goes in and comes out. It runs as strict WebAssembly of the kernels that another target has,
 * which gives the bits of their interpreter in a small part of its time.
 *
 * @param count - Consecutive steps from the first states on.
 * @throws GrimError when operators of the user's own cannot be compiled to WebAssembly.
 */
export async function recordSamples(
  { file, graph, operators, target }: SampledModel,
  count: number,
): Promise<SampleStep[]> {
  const compiled = await compileWithOperators(file, graph, operators, { target });
  return closingModels(async (keep) => {
    const model = keep(await startProgram(compiled, file, { strict: true }));
    const session = model.createSession();
    const frames = randomFrames(model.inputs, count, seed);
    return withContext({ file }, () =>
      Array.from({ length: count }, (_, step) => {
        const inputs = frames.at(step);
        const outputs = Object.entries(session.run(inputs)).map(([name, values]): [string, Float32Array] => [
          name,
          values.slice(),
        ]);
        return { inputs, outputs: Object.fromEntries(outputs) };
      }),
    );
  });
}
