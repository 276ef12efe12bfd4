import { join } from 'node:path';
import type { SampleStep } from '@grim/codegen-c';
import type { OperatorSources } from '@grim/codegen-neon';
import { GrimError, withContext, type Graph } from '@grim/ir';
import type { ElementType, KernelTarget, Program } from '@grim/kernels';
import { modelFacts } from '../bindings/model-facts.ts';
import { prepareBindings } from '../bindings/prepare-bindings.ts';
import { checkOutputFolder } from '../files/check-output-folder.ts';
import { writeOutputFolder } from '../files/write-output-folder.ts';
import { openModel } from '../model/open-model.ts';
import { requireGraph } from '../model/require-graph.ts';
import { operatorSources } from '../operators/operator-sources.ts';
import type { ProgressListener } from '../progress.ts';
import { callReport } from '../reports/call-report.ts';
import { version } from '../version.ts';
import { checkPrefix } from './check-prefix.ts';
import { originText } from './origin-text.ts';
import type { ProjectOptions, ProjectResult } from './project-options.ts';
import { recordSamples } from './record-samples.ts';

/** What a project is rendered with besides its program. */
export interface RenderingOptions {
  readonly strict: boolean;
  readonly weights: 'c' | 'binary';
  readonly prefix: string;
  /** What made the project of what. */
  readonly origin: string;
  /** Operators of the user's own, if the model has any. */
  readonly operators: OperatorSources | undefined;
}

/** The files of a project, and what is told about it. */
export interface RenderedProject<Own extends object> {
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly contextBytes: number;
  readonly weightBytes: number;
  /** What the typed module says about memory and code. */
  readonly memory: string;
  readonly code: string;
  readonly onDevice?: boolean;
  /** What the result says for this target only. */
  readonly own: Own;
}

/** What differs between targets that are projects in C. */
export interface ProjectTarget<Own extends object> {
  readonly name: 'neon' | 'opencl';
  /** What a graph is lowered for to record what the project gives. */
  readonly sampleTarget: KernelTarget;
  /** Lowers a graph; a program that cannot be rendered is refused by name. */
  readonly lower: (graph: Graph, element: ElementType) => Program;
  readonly render: (
    program: Program,
    samples: readonly SampleStep[],
    options: RenderingOptions,
  ) => Promise<RenderedProject<Own>> | RenderedProject<Own>;
}

/**
 * Compiles a model to a folder that builds with CMake: code and weights, a self-test with stored inputs and outputs, a benchmark and a
 * README. The folder is written whole or not at all.
 *
 * @throws GrimError when the model cannot be read or compiled, the prefix is no name in C, or the folder cannot be written.
 */
export async function compileProject<Own extends object>(
  options: ProjectOptions,
  { name, sampleTarget, lower, render }: ProjectTarget<Own>,
  onProgress?: ProgressListener,
): Promise<Own & ProjectResult> {
  const {
    model: path,
    output,
    strict = false,
    precision = 'f32',
    weights = 'c',
    prefix = 'model',
    bindings,
    bindingsName,
    ...settings
  } = options;
  const { identifier, usefulMultiplyAdds } = await import('@grim/codegen-c');
  checkPrefix(prefix, identifier);
  if (output.endsWith('.grim')) {
    throw new GrimError(`is the name of a .grim file, but --target ${name} writes a folder`, {
      file: output,
    });
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
  stage('compiling', 1);
  const program = withContext({ file }, () => lower(graph, precision));
  // Before the long work, which needs the same files.
  const sources = operators === undefined ? undefined : await operatorSources(operators);
  stage('recording the self-test', 2);
  // Of 32-bit floats in any case: WebAssembly has no others, and they are what halves should come close to.
  const samples = await recordSamples(
    { file, graph, operators, target: sampleTarget },
    program.states.length > 0 ? 4 : 2,
  );
  const origin = originText(model.provenance);
  const project = await render(program, samples, {
    ...{ strict, weights, prefix, origin },
    operators: sources,
  });
  const { contextBytes, weightBytes, onDevice = false } = project;
  const usefulMacs = usefulMultiplyAdds(program);
  const halves = precision === 'f16' ? ', 16-bit floats' : '';
  const bindingFiles = renderBindings({
    ...program,
    facts: [
      ...modelFacts(graph, { ...model.provenance, grimVersion: version }),
      { label: 'Work', text: `${usefulMacs} multiply-adds with a weight that is not zero` },
      { label: 'Memory', text: project.memory },
      { label: 'Code', text: `${project.code}${halves}${strict ? ', strict' : ''}` },
    ],
    code: { kind: 'c', prefix, contextBytes, weightBytes, weights, ...(onDevice && { onDevice }) },
  });
  const files = new Map<string, string | Uint8Array>([...project.files, ...bindingFiles]);
  stage('writing', 3);
  await writeOutputFolder(output, files, [path]);
  stage('done', 4);

  const written = [...files].map(([name, content]) => ({ name, bytes: Buffer.byteLength(content) }));
  return {
    ...project.own,
    ...{ file, output, strict, precision, weights, prefix },
    files: written,
    outputBytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
    ...{ contextBytes, weightBytes, usefulMacs },
    bindings: bindingFiles.map(([name]) => join(output, name)),
    kernels: new Set(program.calls.map(({ kernel }) => kernel.name)).size,
    calls: program.calls.map((call) => callReport({ ...call, kernel: call.kernel.name })),
  };
}
