import type { SampleStep } from '@grim/codegen-c';
import { withContext } from '@grim/ir';
import type { Program } from '@grim/kernels';
import { closingModels } from '../model/closing-models.ts';
import { startProgram } from '../model/start-program.ts';
import { randomFrames } from '../reference/random-frames.ts';

/** Any other would do: samples must only be the same in every compilation. */
const seed = 1;

/**
 * Runs a lowered graph on noise and keeps what goes in and comes out. It runs as strict WebAssembly of the same kernels, which
 * gives the bits of their interpreter in a small part of its time.
 *
 * @param file - Path of the model, for error messages.
 * @param count - Consecutive steps from the first states on.
 */
export async function recordSamples(program: Program, file: string, count: number): Promise<SampleStep[]> {
  const { compileProgram } = await import('@grim/codegen-wasm');
  const compiled = await compileProgram(program);
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
