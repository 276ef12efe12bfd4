import type { NeonProfile } from '@grim/codegen-neon';
import { GrimError } from '@grim/ir';
import type { ProgressListener } from '../progress.ts';
import { compileProject } from './compile-project.ts';
import type { ProjectOptions, ProjectResult } from './project-options.ts';

/**
 * How a model is compiled to C with NEON intrinsics. Halves are for processors from ARMv8.2 on. Operators of the user's own are copied
 * into the project.
 */
export interface NeonCompileOptions extends ProjectOptions {
  readonly target: 'neon';
  /** Processor whose profile decides about the code (default `cortex-a76`); it runs on every other of AArch64 as well. */
  readonly cpu?: NeonProfile;
}

/** What was compiled to C. */
export interface NeonCompileResult extends ProjectResult {
  readonly target: 'neon';
  readonly cpu: NeonProfile;
}

/**
 * Compiles a model to C11 with NEON intrinsics and writes a folder that builds with CMake: header, code and weights, a self-test
 * with stored inputs and outputs, a benchmark and a README.
 *
 * @throws GrimError when the model cannot be read or compiled, the processor is not known, the prefix is no name in C, or the
 * folder cannot be written.
 */
export async function compileNeon(
  options: NeonCompileOptions,
  onProgress?: ProgressListener,
): Promise<NeonCompileResult> {
  const { target, cpu = 'cortex-a76', ...common } = options;
  const [neon, { lowerGraph }] = await Promise.all([import('@grim/codegen-neon'), import('@grim/kernels')]);
  if (!Object.hasOwn(neon.neonProfiles, cpu)) {
    throw new GrimError(`cpu ${cpu} is not known; available: ${Object.keys(neon.neonProfiles).join(', ')}`);
  }
  const profile = neon.neonProfiles[cpu];
  return compileProject(
    common,
    {
      name: target,
      sampleTarget: profile,
      lower: (graph, element) => lowerGraph(graph, { target: profile, element }),
      render: (program, samples, { strict, operators, ...rendering }) => {
        const { contextBytes, weightBytes } = neon.programLayout(program);
        return {
          files: neon.renderProject(program, strict ? neon.strict(profile) : profile, samples, {
            ...rendering,
            ...(operators && { operators }),
          }),
          ...{ contextBytes, weightBytes },
          memory: `${contextBytes} bytes a session, ${weightBytes} bytes of weights`,
          code: `C with NEON intrinsics for ${cpu}`,
          own: { target, cpu },
        };
      },
    },
    onProgress,
  );
}
