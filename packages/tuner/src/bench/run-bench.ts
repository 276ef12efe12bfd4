import { describeLayers, formatShape, GrimError, sameShape, type Graph } from '@grim/ir';
import type { Model } from '@grim/runtime';
import { closingModels } from '../model/closing-models.ts';
import type { ExecutionSettings } from '../model/execution-settings.ts';
import type { ImportSettings } from '../model/import-settings.ts';
import { lowerWithEstimates } from '../model/lower-with-estimates.ts';
import { openModel } from '../model/open-model.ts';
import { requireGraph } from '../model/require-graph.ts';
import { compileWithOperators, programOf } from '../model/program-of.ts';
import { startProgram } from '../model/start-program.ts';
import type { ProgressListener } from '../progress.ts';
import type { OnnxRuntimeName } from '../reference/onnxruntime.ts';
import { randomFrames } from '../reference/random-frames.ts';
import { callReport } from '../reports/call-report.ts';
import { executionReport, type ExecutionReport } from '../reports/execution-report.ts';
import { layerPaddings, type LayerPadding } from '../reports/layer-paddings.ts';
import type { PortReport } from '../reports/port-report.ts';
import { addWeightBytes, weightBytes, type WeightBytes } from '../reports/weight-bytes.ts';
import type { Frames } from '../run/read-frames.ts';
import { denseGraph, isPruned } from '../model/dense-graph.ts';
import { environment, type Environment } from './environment.ts';
import { measureCalls, type CallTiming } from './measure-calls.ts';
import { measureRounds, ratioOf, type Side } from './measure-rounds.ts';
import { openBaseline } from './open-baseline.ts';
import { openclSide } from './opencl-side.ts';

/** What {@link runBench} measures. */
export interface BenchOptions extends ImportSettings, ExecutionSettings {
  /** Path of an `.onnx` or `.grim` file. */
  readonly model: string;
  /** Also run the ONNX model in this package. */
  readonly vs?: OnnxRuntimeName;
  /** The ONNX file for `vs`; needed where `model` is none. */
  readonly onnx?: string;
  /** Also run the model on the OpenCL device whose name contains this, the first one for `''`; the model needs a graph. */
  readonly opencl?: string;
  /** Timed runs of each side (default 2000). */
  readonly runs?: number;
  /** Also time each kernel call alone (default false). */
  readonly layers?: boolean;
}

/** Times of one side, in microseconds. */
export interface BenchSide {
  /** `grim`, `grim dense`, the name of the package, or `opencl` and the name of the device. */
  readonly name: string;
  /** Threads of this machine it ran on; those of a driver do not count. */
  readonly threads: number;
  readonly p50: number;
  readonly p99: number;
  readonly runs: number;
}

/** How GRIM compares with one other side. */
export interface BenchRatio {
  readonly name: 'grim';
  /** The side that is 1. */
  readonly baseline: string;
  /** Time of `grim` divided by that of the baseline: below 1 is faster. */
  readonly ratio: number;
}

/** What was measured. Variant and threads are those of the side `grim`. */
export interface BenchResult extends ExecutionReport {
  readonly file: string;
  readonly environment: Environment;
  readonly rounds: number;
  readonly sides: readonly BenchSide[];
  readonly ratios: readonly BenchRatio[];
  /** What all weight matrices take; `null` for a file that is only compiled. */
  readonly bytes: WeightBytes | null;
  /** Padding of every layer with weights, in the order they run. */
  readonly padding: readonly LayerPadding[];
  /** `null` unless asked for. */
  readonly calls: readonly CallTiming[] | null;
}

const defaultRuns = 2000;

/** Rounds that the runs are spread over. */
const maximumRounds = 20;

/** Distinct frames of noise that sides walk over. */
const frameCount = 16;

/**
 * Measures the time of one run: the model as given, beside the same model compiled dense when it is pruned, beside
 * onnxruntime when asked for, which has one thread. Random frames, sides by turns.
 *
 * @throws GrimError when a model cannot be read or compiled, or onnxruntime, or an OpenCL device, is not there.
 */
export async function runBench(options: BenchOptions, onProgress?: ProgressListener): Promise<BenchResult> {
  const {
    model: path,
    vs,
    onnx,
    opencl,
    runs = defaultRuns,
    layers = false,
    threads = 1,
    strict,
    ...settings
  } = options;
  const execution = { threads, ...(strict !== undefined && { strict }) };
  const file = await openModel(path, settings, onnx === undefined ? 'this' : 'any');
  const program = await programOf(file, threads);
  return closingModels(async (keep) => {
    const model = keep(await startProgram(program, path, execution));
    const frames = keptFrames(randomFrames(model.inputs, frameCount, 1));
    const sides: ThreadedSide[] = [grimSide('grim', model, frames)];
    if (file.graph && isPruned(file.graph)) {
      const relaxedSimd = program.relaxedCode !== undefined;
      const graph = denseGraph(file.graph);
      const dense = await compileWithOperators(path, graph, file.settings.operators, {
        threads,
        relaxedSimd,
      });
      sides.push(grimSide('grim dense', keep(await startProgram(dense, path, execution)), frames));
    }
    if (vs !== undefined) {
      const { ports, stream } = await openBaseline(vs, file, onnx, settings);
      requireSameInputs(model, ports.inputs);
      sides.push({
        name: vs,
        // With more, its workers slow down what is measured beside it.
        threads: 1,
        run: (call) => stream.run(frames.at(call % frames.count)),
        prepare: stream.reset,
      });
    }
    if (opencl !== undefined) {
      const graph = requireGraph(file);
      const side = await openclSide(path, graph, frames, { device: opencl, strict: strict ?? false });
      sides.push({ ...keep(side), threads: 1 });
    }
    const rounds = Math.min(maximumRounds, runs);
    const timings = await measureRounds(sides, {
      rounds,
      callsPerRound: Math.ceil(runs / rounds),
      onRound: (done) => onProgress?.({ stage: 'measuring', done, total: rounds }),
    });
    const [own, ...baselines] = timings;
    const compiledFor = file.program ? program.plan.threads?.count : threads;
    const estimated = layers && file.graph ? await lowerWithEstimates(file.graph, compiledFor) : undefined;
    const { features, relaxedFeatures = features } = model.plan;
    return {
      file: path,
      environment: environment(model.variant.name === 'relaxed' ? relaxedFeatures : features),
      ...executionReport(model),
      rounds,
      sides: timings.map(({ name, p50, p99, runs: timed }, index) => ({
        name,
        threads: sides[index]?.threads ?? 1,
        p50,
        p99,
        runs: timed,
      })),
      ratios: baselines.flatMap((baseline) =>
        own ? [{ name: 'grim' as const, baseline: baseline.name, ratio: ratioOf(own, baseline) }] : [],
      ),
      bytes: file.graph ? allWeightBytes(file.graph) : null,
      padding: layerPaddings(model.calls.map(callReport)),
      calls: layers ? measureCalls(model, frames, runs, estimated) : null,
    };
  });
}

/** A side and how many threads it runs on. */
interface ThreadedSide extends Side {
  readonly threads: number;
}

/** Makes all frames once, so that making them is not timed. */
function keptFrames(frames: Frames): Frames {
  const kept = Array.from({ length: frames.count }, (_, index) => frames.at(index));
  return { count: frames.count, at: (index) => kept[index] ?? {} };
}

function grimSide(name: string, model: Model, frames: Frames): ThreadedSide {
  const session = model.createSession();
  return {
    name,
    threads: model.threads.count,
    run: (call) => session.run(frames.at(call % frames.count)),
    prepare: session.reset.bind(session),
  };
}

function requireSameInputs(model: Model, inputs: readonly PortReport[]): void {
  for (const { name, shape } of model.inputs) {
    const other = inputs.find((input) => input.name === name);
    if (other && sameShape(other.shape, shape)) continue;
    const got = other ? `has shape ${formatShape(other.shape)}` : 'is missing';
    throw new GrimError(`input ${name} ${formatShape(shape)} of the model ${got} in the ONNX file`);
  }
}

function allWeightBytes(graph: Graph): WeightBytes {
  const matrices = describeLayers(graph).flatMap(({ matrices }) => matrices);
  const constants = [...new Map(matrices.map((matrix) => [matrix.value, matrix])).values()];
  return addWeightBytes(
    constants.flatMap(({ value, rows, columns, bcr }) => {
      const values = graph.constants.get(value)?.data;
      return values ? [weightBytes(values, rows, columns, bcr)] : [];
    }),
  );
}
