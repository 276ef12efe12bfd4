import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bcrcCodec } from '@grim/bcr';
import type { Fact } from '@grim/bindings';
import { GrimError, withContext, writeArtefact, type Graph, type Plan } from '@grim/ir';
import type { BindingSettings } from '../bindings/binding-settings.ts';
import { modelFacts } from '../bindings/model-facts.ts';
import { prepareBindings } from '../bindings/prepare-bindings.ts';
import { checkOutputFile } from '../files/check-output-file.ts';
import { statusOf } from '../files/status-of.ts';
import { writeOutputFolder } from '../files/write-output-folder.ts';
import { openModel } from '../model/open-model.ts';
import { compileWithOperators } from '../model/program-of.ts';
import { requireGraph } from '../model/require-graph.ts';
import type { ProgressListener } from '../progress.ts';
import { callReport, type CallReport } from '../reports/call-report.ts';
import { version } from '../version.ts';
import type { CommonCompileOptions } from './common-compile-options.ts';
import { compilePaths } from './compile-paths.ts';

/** How a model is compiled to WebAssembly. `output` is a `.grim` file, or a folder for one that is named after the model. */
export interface WasmCompileOptions extends CommonCompileOptions, BindingSettings {
  readonly target?: 'wasm';
  /** Keep the graph in the file, so that it can be inspected, pruned and compiled again (default false). */
  readonly withGraph?: boolean;
  /** Write the WebAssembly text of the strict code beside the file (default false). */
  readonly emitWat?: boolean;
  /** Split large calls so that this many threads can share them (default 1). */
  readonly threads?: number;
  /**
   * Also write code that uses relaxed SIMD, for engines that have it (default false); its results may differ between
   * engines in the last bits.
   */
  readonly relaxedSimd?: boolean;
}

/** What was compiled to WebAssembly. */
export interface WasmCompileResult {
  readonly file: string;
  readonly output: string;
  /** Path of the WebAssembly text; `null` when it was not asked for. */
  readonly wat: string | null;
  /** Paths of the typed module; none when none was asked for. */
  readonly bindings: readonly string[];
  readonly target: 'wasm';
  readonly outputBytes: number;
  readonly outputGzipBytes: number;
  /** How many threads can share the work of a run, and why not as many as were asked for. */
  readonly threads: { readonly count: number; readonly reason: string };
  /** Bytes of the WebAssembly module, and after gzip. */
  readonly codeBytes: number;
  readonly codeGzipBytes: number;
  /** Bytes of the module with relaxed SIMD, and after gzip; `null` where there is none. */
  readonly relaxedCodeBytes: number | null;
  readonly relaxedCodeGzipBytes: number | null;
  /** Bytes of packed weights and tables, and after gzip. */
  readonly imageBytes: number;
  readonly imageGzipBytes: number;
  /** Bytes of linear memory that a session runs in. */
  readonly memoryBytes: number;
  /** Distinct kernels. */
  readonly kernels: number;
  readonly calls: readonly CallReport[];
}

/**
 * Compiles a model to WebAssembly with 128-bit SIMD and writes it to a `.grim` file, with a typed module beside it.
 *
 * @throws GrimError when the model cannot be read or compiled, or the output cannot be written.
 */
export async function compileWasm(
  options: WasmCompileOptions,
  onProgress?: ProgressListener,
): Promise<WasmCompileResult> {
  const {
    model: path,
    output,
    target = 'wasm' as const,
    withGraph,
    emitWat,
    threads = 1,
    relaxedSimd = false,
    bindings,
    bindingsName,
    ...settings
  } = options;
  const { folder, stem, ...paths } = await compilePaths(path, output);
  if ((await statusOf(folder)) !== undefined) {
    await checkOutputFile(paths.grim, [path]);
    if (emitWat) await checkOutputFile(paths.wat, [path]);
  }
  const renderBindings = await prepareBindings(
    stem,
    { ...(bindings !== undefined && { bindings }), ...(bindingsName !== undefined && { bindingsName }) },
    [path],
  );

  const stage = (name: string, done: number): void => onProgress?.({ stage: name, done, total: 3 });
  stage('reading', 0);
  const model = await openModel(path, settings);
  const { file, provenance } = model;
  const graph = requireGraph(model);
  if (emitWat && graph.nodes.some(({ op }) => op.kind === 'custom')) {
    throw new GrimError('--emit-wat has no text for operators of your own', { file });
  }
  stage('compiling', 1);
  const program = await compileWithOperators(file, graph, settings.operators, { threads, relaxedSimd });
  stage('writing', 2);
  const ownProvenance = {
    ...provenance,
    grimVersion: version,
    options: { ...provenance.options, target },
  };
  const bytes = writeArtefact(
    { ...program, ...(withGraph && { graph }), provenance: ownProvenance },
    { codecs: [bcrcCodec], file },
  );
  const wat = emitWat ? await renderText(file, graph, threads, program.plan) : undefined;
  const bindingFiles = renderBindings({
    ...program.plan,
    facts: [...modelFacts(graph, ownProvenance), ...programFacts(program.plan, basename(paths.grim), bytes)],
    code: { kind: 'grim', file: basename(paths.grim) },
  });
  const files = new Map<string, string | Uint8Array>([[basename(paths.grim), bytes], ...bindingFiles]);
  if (wat !== undefined) files.set(basename(paths.wat), wat);
  await writeOutputFolder(folder, files, [path]);
  stage('done', 3);

  const { plan, code, relaxedCode, image } = program;
  return {
    file,
    output: paths.grim,
    wat: wat === undefined ? null : paths.wat,
    bindings: bindingFiles.map(([name]) => join(folder, name)),
    target,
    outputBytes: bytes.length,
    outputGzipBytes: gzipSize(bytes),
    threads: sharingThreads(plan, threads),
    codeBytes: code.length,
    codeGzipBytes: gzipSize(code),
    relaxedCodeBytes: relaxedCode?.length ?? null,
    relaxedCodeGzipBytes: relaxedCode ? gzipSize(relaxedCode) : null,
    imageBytes: image.length,
    imageGzipBytes: gzipSize(image),
    memoryBytes: plan.memoryBytes,
    kernels: new Set(plan.calls.map(({ kernel }) => kernel)).size,
    calls: plan.calls.map(callReport),
  };
}

/** What running the model takes. */
function programFacts({ calls, memoryBytes }: Plan, name: string, bytes: Uint8Array): Fact[] {
  const macs = calls.reduce((sum, call) => sum + call.macs, 0);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return [
    { label: 'Work', text: `${macs} multiply-adds, padding included` },
    { label: 'Memory', text: `${memoryBytes} bytes` },
    { label: 'File', text: `${name}, ${bytes.length} bytes, SHA-256 ${hash}` },
  ];
}

function sharingThreads(plan: Plan, asked: number): WasmCompileResult['threads'] {
  const count = plan.threads?.count ?? 1;
  if (count >= asked) return { count, reason: 'as asked for' };
  return { count, reason: count === 1 ? 'no call is large enough to be split' : 'no call is split further' };
}

/** The text of the strict code. */
async function renderText(file: string, graph: Graph, threads: number, plan: Plan): Promise<string> {
  const [{ renderModule, strictSimd }, { lowerGraph }] = await Promise.all([
    import('@grim/codegen-wasm'),
    import('@grim/kernels'),
  ]);
  return withContext({ file }, () =>
    renderModule(lowerGraph(graph, { threads }), { ...strictSimd, threads: plan.threads !== undefined }),
  );
}

function gzipSize(bytes: Uint8Array): number {
  return gzipSync(bytes, { level: 9 }).length;
}
