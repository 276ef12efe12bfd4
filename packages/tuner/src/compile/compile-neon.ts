import { join } from 'node:path';
import type { NeonProfile } from '@grim/codegen-neon';
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
import { operatorSources } from '../operators/operator-sources.ts';
import { callReport, type CallReport } from '../reports/call-report.ts';
import { version } from '../version.ts';
import { checkPrefix } from './check-prefix.ts';
import type { CommonCompileOptions } from './common-compile-options.ts';
import { originText } from './origin-text.ts';
import { recordSamples } from './record-samples.ts';

/** How a model is compiled to C with NEON intrinsics. `output` is a folder. Operators of the user's own are copied into it. */
export interface NeonCompileOptions extends CommonCompileOptions, BindingSettings {
  readonly target: 'neon';
  /** Processor whose profile decides about the code (default `cortex-a76`); it runs on every other of AArch64 as well. */
  readonly cpu?: NeonProfile;
  /** Round products and sums one by one, so that results have the bits of strict WebAssembly (default false). */
  readonly strict?: boolean;
  /**
   * Floats of weights and of everything between inputs, states and outputs (default `f32`). With `f16` they take half the memory, and
   * twice as many are computed at once, by processors from ARMv8.2 on.
   */
  readonly precision?: ElementType;
  /** Weights as a C array, or as a file that the application loads or maps (default `c`). */
  readonly weights?: 'c' | 'binary';
  /** Begins the names of files, functions and macros (default `model`): models of one application need different ones. */
  readonly prefix?: string;
}

/** What was compiled to C. */
export interface NeonCompileResult {
  readonly file: string;
  /** The folder. */
  readonly output: string;
  readonly target: 'neon';
  readonly cpu: NeonProfile;
  readonly strict: boolean;
  readonly precision: ElementType;
  readonly weights: 'c' | 'binary';
  readonly prefix: string;
  /** What was written, with sizes in bytes. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly outputBytes: number;
  /** Paths of the typed module; none when none was asked for. */
  readonly bindings: readonly string[];
  /** Bytes of memory that each context needs, and of the weights that all share. */
  readonly contextBytes: number;
  readonly weightBytes: number;
  /** Multiply-adds of a run whose weight is not zero. */
  readonly usefulMacs: number;
  /** Distinct kernels. */
  readonly kernels: number;
  readonly calls: readonly CallReport[];
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
  const {
    model: path,
    output,
    target,
    cpu = 'cortex-a76',
    strict = false,
    precision = 'f32',
    weights = 'c',
    prefix = 'model',
    bindings,
    bindingsName,
    ...settings
  } = options;
  const [neon, { lowerGraph }] = await Promise.all([import('@grim/codegen-neon'), import('@grim/kernels')]);
  if (!Object.hasOwn(neon.neonProfiles, cpu)) {
    throw new GrimError(`cpu ${cpu} is not known; available: ${Object.keys(neon.neonProfiles).join(', ')}`);
  }
  checkPrefix(prefix, neon.identifier);
  if (output.endsWith('.grim')) {
    throw new GrimError('is the name of a .grim file, but --target neon writes a folder', { file: output });
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
  const isCustom = graph.nodes.some(({ op }) => op.kind === 'custom');
  const operators = isCustom ? settings.operators : undefined;
  const sources = operators === undefined ? undefined : await operatorSources(operators);
  stage('compiling', 1);
  const profile = neon.neonProfiles[cpu];
  const program = withContext({ file }, () => lowerGraph(graph, { target: profile, element: precision }));
  stage('recording the self-test', 2);
  // Of 32-bit floats in any case: WebAssembly has no others, and they are what halves should come close to.
  const samples = await recordSamples(
    { file, graph, operators, target: profile },
    program.states.length > 0 ? 4 : 2,
  );
  const project = neon.renderProject(program, strict ? neon.strict(profile) : profile, samples, {
    prefix,
    weights,
    origin: originText(model.provenance),
    ...(sources && { operators: sources }),
  });
  const { contextBytes, weightBytes } = neon.programLayout(program);
  const usefulMacs = neon.usefulMultiplyAdds(program);
  const bindingFiles = renderBindings({
    ...program,
    facts: [
      ...modelFacts(graph, { ...model.provenance, grimVersion: version }),
      { label: 'Work', text: `${usefulMacs} multiply-adds with a weight that is not zero` },
      { label: 'Memory', text: `${contextBytes} bytes a session, ${weightBytes} bytes of weights` },
      {
        label: 'Code',
        text: `C with NEON intrinsics for ${cpu}${precision === 'f16' ? ', 16-bit floats' : ''}${strict ? ', strict' : ''}`,
      },
    ],
    code: { kind: 'c', prefix, contextBytes, weightBytes, weights },
  });
  const files = new Map<string, string | Uint8Array>([...project, ...bindingFiles]);
  stage('writing', 3);
  await writeOutputFolder(output, files, [path]);
  stage('done', 4);

  const written = [...files].map(([name, content]) => ({ name, bytes: Buffer.byteLength(content) }));
  return {
    ...{ file, output, target, cpu, strict, precision, weights, prefix },
    files: written,
    outputBytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
    ...{ contextBytes, weightBytes },
    usefulMacs,
    bindings: bindingFiles.map(([name]) => join(output, name)),
    kernels: new Set(program.calls.map(({ kernel }) => kernel.name)).size,
    calls: program.calls.map((call) => callReport({ ...call, kernel: call.kernel.name })),
  };
}
