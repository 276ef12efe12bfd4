import { join } from 'node:path';
import type { OpenclProfile } from '@grim/codegen-opencl';
import { GrimError, withContext } from '@grim/ir';
import type { ElementType } from '@grim/kernels';
import type { BindingSettings } from '../bindings/binding-settings.ts';
import { modelFacts } from '../bindings/model-facts.ts';
import { prepareBindings } from '../bindings/prepare-bindings.ts';
import { checkOutputFolder } from '../files/check-output-folder.ts';
import { writeOutputFolder } from '../files/write-output-folder.ts';
import { openModel } from '../model/open-model.ts';
import { requireGraph } from '../model/require-graph.ts';
import type { ProgressListener } from '../progress.ts';
import { callReport, type CallReport } from '../reports/call-report.ts';
import { version } from '../version.ts';
import { checkPrefix } from './check-prefix.ts';
import type { CommonCompileOptions } from './common-compile-options.ts';
import { originText } from './origin-text.ts';
import { recordSamples } from './record-samples.ts';

/** How a model is compiled to OpenCL kernels and a host in C. `output` is a folder. */
export interface OpenclCompileOptions extends CommonCompileOptions, BindingSettings {
  readonly target: 'opencl';
  /** Devices whose profile decides how work is divided (default `generic`, which all others take too). */
  readonly device?: OpenclProfile;
  /** Round products and sums one by one, so that results have the bits of strict WebAssembly (default false). */
  readonly strict?: boolean;
  /**
   * Floats of weights and of everything between inputs, states and outputs (default `f32`). With `f16` they take half the memory, on
   * devices that have `cl_khr_fp16`.
   */
  readonly precision?: ElementType;
  /** Weights as a C array, or as a file that the application loads (default `c`). */
  readonly weights?: 'c' | 'binary';
  /** Begins the names of files, functions and macros (default `model`): models of one application need different ones. */
  readonly prefix?: string;
}

/** What was compiled to OpenCL. */
export interface OpenclCompileResult {
  readonly file: string;
  /** The folder. */
  readonly output: string;
  readonly target: 'opencl';
  readonly device: OpenclProfile;
  readonly strict: boolean;
  readonly precision: ElementType;
  readonly weights: 'c' | 'binary';
  readonly prefix: string;
  /** What was written, with sizes in bytes. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly outputBytes: number;
  /** Paths of the typed module; none when none was asked for. */
  readonly bindings: readonly string[];
  /** Bytes of memory of the caller and of the device that each context needs, and of the weights, which contexts can share. */
  readonly contextBytes: number;
  readonly deviceBytes: number;
  readonly weightBytes: number;
  /** Multiply-adds of a run whose weight is not zero. */
  readonly usefulMacs: number;
  /** Distinct kernels. */
  readonly kernels: number;
  readonly calls: readonly CallReport[];
}

/**
 * Compiles a model to OpenCL C 1.2 and writes a folder that builds with CMake: kernels, a host in C11, weights, a self-test with
 * stored inputs and outputs, a benchmark and a README. No device is needed for that.
 *
 * @throws GrimError when the model cannot be read or compiled, the device is not known, the prefix is no name in C, or the folder
 * cannot be written.
 */
export async function compileOpencl(
  options: OpenclCompileOptions,
  onProgress?: ProgressListener,
): Promise<OpenclCompileResult> {
  const {
    model: path,
    output,
    target,
    device = 'generic',
    strict = false,
    precision = 'f32',
    weights = 'c',
    prefix = 'model',
    bindings,
    bindingsName,
    ...settings
  } = options;
  const [opencl, { identifier }, { lowerGraph, workItemTarget }] = await Promise.all([
    import('@grim/codegen-opencl'),
    import('@grim/codegen-c'),
    import('@grim/kernels'),
  ]);
  if (!Object.hasOwn(opencl.openclProfiles, device)) {
    const available = Object.keys(opencl.openclProfiles).join(', ');
    throw new GrimError(`device ${device} is not known; available: ${available}`);
  }
  const profile = opencl.openclProfiles[device];
  if (precision === 'f16' && !profile.halfPrecision) {
    throw new GrimError(
      `--precision f16 needs a --device that computes with 16-bit floats, which ${profile.device} does not`,
    );
  }
  checkPrefix(prefix, identifier);
  if (output.endsWith('.grim')) {
    throw new GrimError('is the name of a .grim file, but --target opencl writes a folder', { file: output });
  }
  await checkOutputFolder(output);
  const renderBindings = await prepareBindings(
    join(output, prefix),
    { ...(bindings !== undefined && { bindings }), ...(bindingsName !== undefined && { bindingsName }) },
    [path],
  );

  const stage = (name: string, done: number): void => onProgress?.({ stage: name, done, total: 4 });
  stage('reading', 0);
  const model = await openModel(path, settings);
  const { file } = model;
  const graph = requireGraph(model);
  for (const { name, op } of graph.nodes) {
    if (op.kind !== 'custom') continue;
    throw new GrimError(
      `calls ${op.function}, a function in C, which kernels of --target opencl cannot; wasm and neon can`,
      { file, layer: name },
    );
  }
  stage('compiling', 1);
  const program = withContext({ file }, () =>
    lowerGraph(graph, { grid: opencl.gridTarget(profile), element: precision }),
  );
  stage('recording the self-test', 2);
  // Work-items give the bits of the kernels that they share, which one caller can execute. Of 32-bit floats in any case: they are
  // what halves should come close to.
  const samples = await recordSamples(
    { file, graph, target: workItemTarget },
    program.states.length > 0 ? 4 : 2,
  );
  const project = opencl.renderProject(program, strict ? opencl.strict(profile) : profile, samples, {
    prefix,
    weights,
    origin: originText(model.provenance),
  });
  const layout = opencl.programLayout(program, profile);
  const [contextBytes, deviceBytes] = [opencl.hostBytes(program), layout.contextBytes];
  const weightBytes = layout.weights.length;
  const usefulMacs = opencl.usefulMultiplyAdds(program);
  const bindingFiles = renderBindings({
    ...program,
    facts: [
      ...modelFacts(graph, { ...model.provenance, grimVersion: version }),
      { label: 'Work', text: `${usefulMacs} multiply-adds with a weight that is not zero` },
      {
        label: 'Memory',
        text: `${deviceBytes} bytes a session on the device, ${weightBytes} bytes of weights`,
      },
      {
        label: 'Code',
        text: `OpenCL, divided for ${profile.device}${precision === 'f16' ? ', 16-bit floats' : ''}${strict ? ', strict' : ''}`,
      },
    ],
    code: { kind: 'c', prefix, contextBytes, weightBytes, weights, onDevice: true },
  });
  const files = new Map<string, string | Uint8Array>([...project, ...bindingFiles]);
  stage('writing', 3);
  await writeOutputFolder(output, files, [path]);
  stage('done', 4);

  const written = [...files].map(([name, content]) => ({ name, bytes: Buffer.byteLength(content) }));
  return {
    ...{ file, output, target, device, strict, precision, weights, prefix },
    files: written,
    outputBytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
    ...{ contextBytes, deviceBytes, weightBytes, usefulMacs },
    bindings: bindingFiles.map(([name]) => join(output, name)),
    kernels: new Set(program.calls.map(({ kernel }) => kernel.name)).size,
    calls: program.calls.map((call) => callReport({ ...call, kernel: call.kernel.name })),
  };
}
