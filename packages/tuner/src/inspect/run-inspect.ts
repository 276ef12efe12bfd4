import { gzipSync } from 'node:zlib';
import { GrimError, inferShapes, withContext, type Graph, type Plan, type Provenance } from '@grim/ir';
import type { CallEstimate } from '@grim/kernels';
import type { ImportSettings } from '../model/import-settings.ts';
import { estimatesFor, lowerWithEstimates } from '../model/lower-with-estimates.ts';
import { openModel } from '../model/open-model.ts';
import { callReport, type CallReport } from '../reports/call-report.ts';
import { estimateReport } from '../reports/estimate-report.ts';
import { portReport, type PortReport } from '../reports/port-report.ts';
import { addWeightBytes, type WeightBytes } from '../reports/weight-bytes.ts';
import { describeGraph } from './describe-graph.ts';
import type { EstimatedCall, LayerReport } from './layer-report.ts';

/** What {@link runInspect} looks at. */
export interface InspectOptions extends ImportSettings {
  /** Path of an `.onnx` or `.grim` file. */
  readonly model: string;
}

/** The compiled form in a file. */
export interface CompiledReport {
  /** Bytes of linear memory: image, arena, ports and states. */
  readonly memoryBytes: number;
  /** Bytes of the WebAssembly module. */
  readonly codeBytes: number;
  /** Bytes of packed weights and tables, unpacked. */
  readonly imageBytes: number;
  /** WebAssembly features the code needs. */
  readonly features: readonly string[];
  /** Features that the relaxed variant of the code needs; `null` where there is no such variant. */
  readonly relaxedFeatures: readonly string[] | null;
  /** Threads that can share the work of a run. */
  readonly threads: number;
}

/** Sums over all layers; a weight that layers share counts once. */
export interface InspectTotals {
  readonly macs: number;
  readonly parameters: number;
  /** Elements of weight matrices. */
  readonly weights: number;
  readonly zeros: number;
  readonly bytes: WeightBytes;
}

/** What is in a model. */
export interface InspectResult {
  readonly file: string;
  readonly format: 'grim' | 'onnx';
  readonly name: string;
  readonly fileBytes: number;
  readonly fileGzipBytes: number;
  readonly inputs: readonly PortReport[];
  readonly outputs: readonly PortReport[];
  readonly states: readonly PortReport[];
  /** Layers in the order they run; empty for a file that is only compiled. */
  readonly layers: readonly LayerReport[];
  /** `null` for a file that is only compiled. */
  readonly totals: InspectTotals | null;
  /** All kernel calls in the order they run, of the compiled form in the file or else of what the compiler would make. */
  readonly calls: readonly EstimatedCall[];
  /** Why the compiler refuses the graph; `null` when it does not. */
  readonly refused: string | null;
  /** `null` for a file that is not compiled. */
  readonly compiled: CompiledReport | null;
  readonly provenance: Provenance;
}

/**
 * Looks into a model: layers, weights in every form, the path that the compiler takes for each layer and why.
 *
 * @throws GrimError when the model cannot be read.
 */
export async function runInspect(options: InspectOptions): Promise<InspectResult> {
  const { model: path, ...settings } = options;
  const { file, bytes, format, graph, program, provenance } = await openModel(path, settings);
  const { estimates, ...planned } = await planCalls(graph, program?.plan);
  const layers = graph ? withContext({ file }, () => describeGraph(graph, planned.calls, estimates)) : [];
  return {
    file,
    format,
    fileBytes: bytes.length,
    fileGzipBytes: gzipSync(bytes, { level: 9 }).length,
    ...portsOf(graph, program?.plan),
    layers,
    totals: graph ? totalsOf(graph, layers) : null,
    ...planned,
    compiled: program
      ? {
          memoryBytes: program.plan.memoryBytes,
          codeBytes: program.code.length,
          imageBytes: program.image.length,
          features: program.plan.features,
          relaxedFeatures: program.plan.relaxedFeatures ?? null,
          threads: program.plan.threads?.count ?? 1,
        }
      : null,
    provenance,
  };
}

/** Calls with what they do, the ones that could be estimated. */
interface PlannedCalls extends Pick<InspectResult, 'calls' | 'refused'> {
  readonly estimates: readonly (CallEstimate | undefined)[];
}

/** The calls of the plan in the file, or those that the compiler would make. A graph that it refuses can still be looked at. */
async function planCalls(graph: Graph | undefined, plan: Plan | undefined): Promise<PlannedCalls> {
  const planned = plan?.calls.map(callReport);
  if (!graph) return withEstimates(planned ?? [], []);
  try {
    const estimated = await lowerWithEstimates(graph, plan?.threads?.count);
    const calls =
      planned ?? estimated.program.calls.map((call) => callReport({ ...call, kernel: call.kernel.name }));
    return withEstimates(calls, estimatesFor(calls, estimated));
  } catch (error) {
    if (!(error instanceof GrimError)) throw error;
    return { ...withEstimates(planned ?? [], []), refused: planned ? null : error.message };
  }
}

function withEstimates(
  calls: readonly CallReport[],
  estimates: readonly (CallEstimate | undefined)[],
): PlannedCalls {
  return {
    calls: calls.map((call, index) => {
      const estimate = estimates[index];
      return { ...call, estimate: estimate ? estimateReport([estimate]) : null };
    }),
    refused: null,
    estimates,
  };
}

function portsOf(
  graph: Graph | undefined,
  plan: Plan | undefined,
): Pick<InspectResult, 'name' | 'inputs' | 'outputs' | 'states'> {
  if (plan) {
    const { model, inputs, outputs, states } = plan;
    return {
      name: model,
      inputs: inputs.map(portReport),
      outputs: outputs.map(portReport),
      states: states.map(portReport),
    };
  }
  if (!graph) return { name: '', inputs: [], outputs: [], states: [] };
  const shapes = inferShapes(graph);
  return {
    name: graph.name,
    inputs: graph.inputs.map(portReport),
    outputs: graph.outputs.map(({ name, value }) => ({ name, shape: shapes.get(value) ?? [] })),
    states: graph.states.map(portReport),
  };
}

function totalsOf(graph: Graph, layers: readonly LayerReport[]): InspectTotals {
  const matrices = [
    ...new Map(
      layers.flatMap((layer) => layer.matrices.map((matrix) => [matrix.value, matrix] as const)),
    ).values(),
  ];
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const parameters = [...graph.constants].filter(([name]) => read.has(name));
  return {
    macs: layers.reduce((sum, { macs }) => sum + macs, 0),
    parameters: parameters.reduce((sum, [, { data }]) => sum + data.length, 0),
    weights: matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0),
    zeros: matrices.reduce((sum, { zeros }) => sum + zeros, 0),
    bytes: addWeightBytes(matrices.map(({ bytes }) => bytes)),
  };
}
