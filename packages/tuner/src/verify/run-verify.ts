import {
  evaluateGraph,
  formatShape,
  GrimError,
  rowMajorStrides,
  sameShape,
  withContext,
  type Graph,
} from '@grim/ir';
import type { Model } from '@grim/runtime';
import { closingModels } from '../model/closing-models.ts';
import type { ImportSettings } from '../model/import-settings.ts';
import type { ModelFile } from '../model/model-file.ts';
import { openModel } from '../model/open-model.ts';
import { programOf } from '../model/program-of.ts';
import { startProgram } from '../model/start-program.ts';
import type { ProgressListener } from '../progress.ts';
import { notInstalled } from '../reference/not-installed.ts';
import { onnxInterface } from '../reference/onnx-interface.ts';
import { openOnnxRuntime, type OnnxRuntimeName } from '../reference/onnxruntime.ts';
import { randomFrames } from '../reference/random-frames.ts';
import { readFrames, type Frames } from '../run/read-frames.ts';
import { comparisonLog, type ComparedValue, type ComparisonLog, type ValueReport } from './comparison-log.ts';
import { referenceGraph } from './reference-graph.ts';

/** What {@link runVerify} compares. */
export interface VerifyOptions extends ImportSettings {
  /** Path of an `.onnx` or `.grim` file. */
  readonly model: string;
  /**
   * Path of the file that says what is right: an ONNX file or, for a model that was pruned by a method that changes weights, the
   * `.grim` file with the pruned graph.
   */
  readonly against: string;
  /** Runs of the model, with carried state (default 4); with `inputs`, as many as they have. */
  readonly frames?: number;
  /** Seed of the random frames (default 1). */
  readonly seed?: number;
  /** Paths of `.npy` files by input, with one frame per run in a leading dimension; random frames when absent. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Greatest difference allowed, relative to the greatest value of a layer where that is above 1 (default 1e-4). */
  readonly tolerance?: number;
  /**
   * Also compare outputs with this package, where an ONNX file says what is right and the model is not pruned: the ONNX file is not. By
   * default onnxruntime-node where it is installed.
   */
  readonly runtime?: OnnxRuntimeName | 'none';
}

/** How a model compares. */
export interface VerifyResult {
  readonly file: string;
  readonly against: string;
  /** Whether all values agree. */
  readonly ok: boolean;
  readonly frames: number;
  readonly seed: number;
  readonly tolerance: number;
  /** Every value that can be compared: layers in the order they run, then outputs and states. */
  readonly values: readonly ValueReport[];
  /** Values of the model that the reference does not have. */
  readonly unmatched: readonly string[];
  /** Why outputs were not compared with onnxruntime; `null` when they were. */
  readonly runtimeSkipped: string | null;
}

const interpreter = 'reference interpreter';

/**
 * Runs a model and the reference interpreter on the same frames, each with its own carried state, and compares what
 * every layer computes. Only the file that it is compared with says what is right: weights stored in the model are not believed.
 *
 * @throws GrimError when a model cannot be read, the two do not have the same inputs, or the model has other weights than an ONNX file
 * since it was pruned ({@link referenceGraph}).
 */
export async function runVerify(
  options: VerifyOptions,
  onProgress?: ProgressListener,
): Promise<VerifyResult> {
  const {
    model: path,
    against,
    frames: count = 4,
    seed = 1,
    inputs,
    tolerance = 1e-4,
    runtime,
    ...settings
  } = options;
  const file = await openModel(path, settings, 'any');
  const all = { ...file.settings, ...settings };
  const right = await openModel(against, all, 'any');
  const expected = withContext({ file: path }, () => referenceGraph(right, file));
  const program = await programOf(file);
  return closingModels(async (keep) => {
    const model = keep(await startProgram(program, path));
    requireSameInputs(model, expected, against);
    const frames = inputs
      ? await readFrames(inputs, model.inputs, true)
      : randomFrames(model.inputs, count, seed);

    const log = comparisonLog(tolerance);
    const unmatched = compareLayers(model, expected, frames, log, (done) =>
      onProgress?.({ stage: 'comparing', done, total: frames.count }),
    );
    const runtimeSkipped = await compareWithRuntime(runtime, model, frames, right, expected, all, log);
    const values = log.reports();
    return {
      file: path,
      against,
      ok: values.every(({ ok }) => ok),
      frames: frames.count,
      seed,
      tolerance,
      values,
      unmatched,
      runtimeSkipped,
    };
  });
}

function requireSameInputs(model: Model, expected: Graph, against: string): void {
  for (const { name, shape } of expected.inputs) {
    const own = model.inputs.find((input) => input.name === name);
    if (own && sameShape(own.shape, shape)) continue;
    const got = own ? `has shape ${formatShape(own.shape)} in the model` : 'is no input of the model';
    throw new GrimError(`input ${name} ${formatShape(shape)} of ${against} ${got}`);
  }
  if (expected.inputs.length !== model.inputs.length) {
    throw new GrimError(
      `the model has ${model.inputs.length} input(s), ${against} has ${expected.inputs.length}`,
    );
  }
}

/** Compares call by call, then outputs and states; returns the names that only the model has. */
function compareLayers(
  model: Model,
  expected: Graph,
  frames: Frames,
  log: ComparisonLog,
  onFrame: (done: number) => void,
): string[] {
  const session = model.createSession();
  const unmatched = new Set<string>();
  let states: Record<string, Float32Array> = {};
  const compare = (
    what: Omit<ComparedValue, 'against'>,
    actual: Float32Array,
    right: Float32Array | undefined,
    frame: number,
  ): void => {
    if (right?.length === actual.length) log.add({ ...what, against: interpreter }, actual, right, frame);
    else unmatched.add(what.value);
  };
  for (let frame = 0; frame < frames.count; frame++) {
    const values = frames.at(frame);
    const evaluation = evaluateGraph(expected, { inputs: values, states, keep: 'all' });
    states = evaluation.states;
    for (const { name } of model.inputs) session.input(name).set(values[name] ?? []);
    for (const [index, { node, result }] of model.calls.entries()) {
      model.runCall(session, index);
      // Read at once: later calls may use the same memory.
      if (!result) continue;
      const { shape, data } = model.readView(result);
      const right = evaluation.values.get(result.value)?.data;
      compare({ layer: node, value: result.value, role: 'layer', shape }, data, right, frame);
    }
    for (const { name, shape, offset } of model.plan.outputs) {
      const { data } = model.readView({ value: name, shape, offset, strides: rowMajorStrides(shape) });
      compare({ layer: name, value: name, role: 'output', shape }, data, evaluation.outputs[name], frame);
    }
    const own = session.getState();
    for (const { name, shape } of model.states) {
      compare(
        { layer: name, value: name, role: 'state', shape },
        own[name] ?? new Float32Array(0),
        states[name],
        frame,
      );
    }
    onFrame(frame + 1);
  }
  return [...unmatched];
}

/** Compares outputs with onnxruntime; returns why not where that is so. */
async function compareWithRuntime(
  runtime: VerifyOptions['runtime'],
  model: Model,
  frames: Frames,
  right: ModelFile,
  expected: Graph,
  settings: ImportSettings,
  log: ComparisonLog,
): Promise<string | null> {
  const name = runtime ?? 'onnxruntime-node';
  if (name === 'none') return 'not asked for';
  if (right.format !== 'onnx') return `${right.file} is no ONNX model`;
  if (expected !== right.graph) return 'the model is pruned, the ONNX file is not';
  const ports = await onnxInterface(right.file, right.bytes, settings, expected);
  const stream = await openOnnxRuntime(name, right.file, right.bytes, settings, ports);
  if (!stream && runtime === undefined) return `${name} is not installed`;
  if (!stream) throw notInstalled(name);
  const session = model.createSession();
  for (let frame = 0; frame < frames.count; frame++) {
    const values = frames.at(frame);
    const actual = session.run(values);
    const outputs = await stream.run(values);
    for (const { name: output, shape } of model.outputs) {
      const [own, other] = [actual[output], outputs[output]];
      if (own?.length !== other?.length || !own || !other) continue;
      log.add({ layer: output, value: output, role: 'output', against: name, shape }, own, other, frame);
    }
  }
  return null;
}
