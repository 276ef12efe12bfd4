import { elementCount, GrimError, withContext, type Graph, type Node, type Tensor } from '@grim/ir';
import { breather } from '../breather.ts';
import { weightName, type WeightUse } from '../selection/weight-use.ts';
import type { CalibrationEvaluator, CreateEvaluator } from './evaluator.ts';
import { inputVectors, type InputBand } from './input-vectors.ts';
import { createMomentSums, type MomentSums } from './moment-sums.ts';
import type { Moments } from './moments.ts';

/** Inputs of runs in a row, by input name, row-major. The first starts from the initial states, each later one from those before it. */
export type CalibrationSequence = readonly Readonly<Record<string, Float32Array>>[];

/** What moments are collected of. */
export interface Calibration {
  readonly sequences: readonly CalibrationSequence[];
  readonly createEvaluator: CreateEvaluator;
  /** Told after each run. */
  readonly onRun: () => void;
}

/** The most columns a matrix may have here: its Gram matrix takes 8 bytes for each pair. */
const maximumColumns = 16_384;

/** Runs of all sequences. */
export function countRuns(sequences: readonly CalibrationSequence[]): number {
  return sequences.reduce((sum, sequence) => sum + sequence.length, 0);
}

/**
 * Runs a graph on calibration inputs and gathers the second moments of what each weight multiplies.
 *
 * @param dense - The network as it was.
 * @param uses - The weights.
 * @param pruned - The network with weights before these pruned: what they will multiply. The dense one when absent.
 * @returns Per use one entry for every band of rows that multiplies vectors of its own (see {@link inputVectors}).
 * @throws `GrimError` when there are no inputs, when they do not fit the graph, or when a value that a weight multiplies is not
 * finite; naming the layer when it has too many columns.
 */
export async function collectMoments(
  dense: Graph,
  uses: readonly WeightUse[],
  { sequences, createEvaluator, onRun }: Calibration,
  pruned?: Graph,
): Promise<Map<WeightUse, Moments[]>> {
  for (const use of uses) {
    if (use.columns > maximumColumns) {
      throw new GrimError(`has ${use.columns} columns, at most ${maximumColumns} can be reconstructed`, {
        layer: weightName(use),
      });
    }
  }
  if (countRuns(sequences) === 0) throw new GrimError('there are no calibration inputs');
  const graphs = pruned ? [pruned, dense] : [dense];
  const streams = await Promise.all(graphs.map((graph) => openStream(graph, uses, createEvaluator)));
  const sums = new Map<WeightUse, MomentSums[]>();
  const breathe = breather();
  for (const sequence of sequences) {
    for (const stream of streams) stream.reset();
    for (const inputs of sequence) {
      for (const stream of streams) stream.run(inputs);
      for (const use of uses) addRun(use, streams, sums);
      onRun();
      await breathe();
    }
  }
  return new Map([...sums].map(([use, bands]) => [use, bands.map((band) => band.finish())]));
}

/** One network on the calibration inputs. */
interface Stream {
  readonly run: (inputs: Readonly<Record<string, Float32Array>>) => void;
  readonly reset: () => void;
  /** What a weight multiplied in the last run. */
  readonly vectorsOf: (use: WeightUse) => InputBand[];
}

async function openStream(
  graph: Graph,
  uses: readonly WeightUse[],
  createEvaluator: CreateEvaluator,
): Promise<Stream> {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const computed = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  const read = new Set(uses.flatMap(({ layer }) => valuesOf(nodes.get(layer))));
  const evaluator: CalibrationEvaluator = await createEvaluator(
    graph,
    [...read].filter((value) => computed.has(value)),
  );
  let values: ReadonlyMap<string, Tensor> = new Map();
  let given: Readonly<Record<string, Float32Array>> = {};
  let before: Readonly<Record<string, Float32Array>> = {};
  let after: Readonly<Record<string, Float32Array>> = {};
  const valueOf = (name: string): Tensor | undefined => {
    const found = values.get(name) ?? graph.constants.get(name);
    if (found) return found;
    const input = graph.inputs.find((each) => each.name === name);
    const data = given[name];
    if (input && data) return { shape: input.shape, data };
    const state = graph.states.find((each) => each.input === name);
    if (!state) return undefined;
    const { shape, initial } = state;
    return { shape, data: before[state.name] ?? initial ?? new Float32Array(elementCount(shape)) };
  };
  return {
    run: (inputs) => {
      before = after;
      given = inputs;
      const run = evaluator.run(inputs);
      values = run.values;
      after = run.states;
    },
    reset: () => {
      evaluator.reset();
      after = {};
    },
    vectorsOf: (use) => {
      const node = nodes.get(use.layer);
      return node ? inputVectors(node, use, valueOf) : [];
    },
  };
}

/** Inputs and results of a node that tell what its weights multiply. */
function valuesOf(node: Node | undefined): string[] {
  if (!node) return [];
  const recurrent = node.op.kind === 'lstm' || node.op.kind === 'gru';
  const inputs = recurrent ? node.inputs : node.inputs.slice(0, 1);
  const results = recurrent ? node.outputs.slice(0, 1) : [];
  return [...inputs, ...results].filter((value) => value !== null);
}

/** Adds the vectors of the last run; the second stream is the dense network. */
function addRun(use: WeightUse, streams: readonly Stream[], sums: Map<WeightUse, MomentSums[]>): void {
  withContext({ layer: weightName(use) }, () => {
    const [bands = [], denseBands] = streams.map((stream) => stream.vectorsOf(use));
    const own =
      sums.get(use) ?? bands.map(({ rows }) => createMomentSums(rows, use.columns, denseBands !== undefined));
    sums.set(use, own);
    for (const [index, { vectors }] of bands.entries()) {
      const denseVectors = denseBands?.[index]?.vectors;
      for (const [position, vector] of vectors.entries()) {
        checkFinite(vector);
        own[index]?.add(vector, denseVectors?.[position]);
      }
    }
  });
}

function checkFinite(vector: Float32Array): void {
  const bad = vector.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new GrimError(`calibration gives it ${vector[bad] ?? NaN} in column ${bad}`);
}
