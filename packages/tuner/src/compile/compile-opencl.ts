import type { OpenclProfile } from '@grim/codegen-opencl';
import { GrimError } from '@grim/ir';
import type { ProgressListener } from '../progress.ts';
import { compileProject } from './compile-project.ts';
import type { ProjectOptions, ProjectResult } from './project-options.ts';

/** How a model is compiled to OpenCL kernels and a host in C. */
export interface OpenclCompileOptions extends ProjectOptions {
  readonly target: 'opencl';
  /** Devices whose profile decides how work is divided (default `generic`, which all others take too). */
  readonly device?: OpenclProfile;
}

/** What was compiled to OpenCL. */
export interface OpenclCompileResult extends ProjectResult {
  readonly target: 'opencl';
  readonly device: OpenclProfile;
  /** Bytes of memory of the device that each context needs. */
  readonly deviceBytes: number;
}

/**
 * Compiles a model to OpenCL C 1.2 and writes a folder that builds with CMake: kernels, a host in C11, weights, a self-test with
 * stored inputs and outputs, a benchmark and a README. No device is needed for that.
 *
 * @throws GrimError when the model cannot be read or compiled, the device is not known or has not the floats, the prefix is no name in
 * C, or the folder cannot be written.
 */
export async function compileOpencl(
  options: OpenclCompileOptions,
  onProgress?: ProgressListener,
): Promise<OpenclCompileResult> {
  const { target, device = 'generic', ...common } = options;
  const [opencl, { lowerGraph, workItemTarget }] = await Promise.all([
    import('@grim/codegen-opencl'),
    import('@grim/kernels'),
  ]);
  if (!Object.hasOwn(opencl.openclProfiles, device)) {
    const available = Object.keys(opencl.openclProfiles).join(', ');
    throw new GrimError(`device ${device} is not known; available: ${available}`);
  }
  const profile = opencl.openclProfiles[device];
  if (common.precision === 'f16' && !profile.halfPrecision) {
    throw new GrimError(
      `--precision f16 needs a --device that computes with 16-bit floats, which ${profile.device} does not`,
    );
  }
  return compileProject(
    common,
    {
      name: target,
      // Work-items give the bits of the kernels that they share, which one caller can execute.
      sampleTarget: workItemTarget,
      lower: (graph, element) => {
        for (const { name, op } of graph.nodes) {
          if (op.kind !== 'custom') continue;
          throw new GrimError(
            `calls ${op.function}, a function in C, which kernels of --target opencl cannot; wasm and neon can`,
            { layer: name },
          );
        }
        return lowerGraph(graph, { grid: opencl.gridTarget(profile), element });
      },
      render: (program, samples, { strict, weights, prefix, origin }) => {
        const layout = opencl.programLayout(program, profile);
        const deviceBytes = layout.contextBytes;
        const weightBytes = layout.weights.length;
        return {
          files: opencl.renderProject(program, strict ? opencl.strict(profile) : profile, samples, {
            ...{ weights, prefix, origin },
          }),
          contextBytes: opencl.hostBytes(program),
          weightBytes,
          memory: `${deviceBytes} bytes a session on the device, ${weightBytes} bytes of weights`,
          code: `OpenCL, divided for ${profile.device}`,
          onDevice: true,
          own: { target, device, deviceBytes },
        };
      },
    },
    onProgress,
  );
}
