import { accountBytes, countNonZeros } from '@grim/bcr';
import { GrimError, type EvaluationOptions, type Graph } from '@grim/ir';
import { breather } from '../breather.ts';
import { chooseByMagnitude } from '../magnitude/choose-by-magnitude.ts';
import { reasonForDense, selectWeights, type AssignedWeight, type ChosenWeights } from '../prune-weights.ts';
import { checkDamping } from '../reconstruction/check-damping.ts';
import { collectMoments, countRuns, type CalibrationSequence } from '../reconstruction/collect-moments.ts';
import { referenceEvaluators, type CreateEvaluator } from '../reconstruction/evaluator.ts';
import { momentsOf } from '../reconstruction/moments-of.ts';
import type { Moments } from '../reconstruction/moments.ts';
import { outputError } from '../reconstruction/output-error.ts';
import { reconstructorOf, usesOf } from '../reconstruction/prune-layers.ts';
import type { Reconstructor } from '../reconstruction/reconstructor.ts';
import type { BlockSize, PruneOptions } from '../selection/prune-options.ts';
import { refuseAs } from '../selection/refuse-as.ts';
import { weightName } from '../selection/weight-use.ts';
import { askLatency, askNetworks, type WeightQuestion } from './ask-latency.ts';
import type { LatencyModel, LatencySource } from './latency-model.ts';
import { layerShapes } from './layer-shapes.ts';
import { countMacs, denseWeightBytes, type Costs } from './network-costs.ts';

/** What {@link measureSensitivity} looks at. */
export interface SensitivityOptions extends Omit<PruneOptions, 'rate'> {
  /** How what is kept is chosen (default `magnitude`). */
  readonly method?: 'magnitude' | 'reconstruct';
  /** Inputs like those of its use; needed by `reconstruct`. With them errors are those of what layers compute. */
  readonly calibration?: readonly CalibrationSequence[];
  /** Rates that are tried (default 2, 3, 4, 6, 8, 12 and 16). */
  readonly rates?: readonly number[];
  /** As in `pruneByReconstruction`. */
  readonly damping?: number;
  /** What operators of a user's own compute, by the name of their function. */
  readonly operators?: EvaluationOptions['operators'];
  /** As in `pruneByReconstruction`. */
  readonly createEvaluator?: CreateEvaluator;
  /** Of the random weights of layers that are timed (default 1). */
  readonly seed?: number;
  /** Told after each calibration run, each rate of each weight, and each layer that was timed. */
  readonly onProgress?: (progress: {
    readonly stage: 'calibrating' | 'pruning' | 'timing';
    readonly done: number;
    readonly total: number;
  }) => void;
}

/** A weight at one rate. What it costs is that of the layers that use it, but bytes, which are those of the weight. */
export interface RatePoint extends Costs {
  /** Elements divided by elements kept, as asked for. */
  readonly rate: number;
  /** See {@link Sensitivity.error}. */
  readonly error: number;
}

/** How much of one weight can go at what price. */
export interface WeightSensitivity {
  /** Names of the weights, `layer:operand`: more than one where layers share a constant. */
  readonly weights: readonly string[];
  readonly rows: number;
  readonly columns: number;
  readonly block: BlockSize;
  /** Not pruned. */
  readonly dense: Costs;
  /** By rising rate. */
  readonly points: readonly RatePoint[];
  /** Rates that its blocks do not allow, and why. */
  readonly refused: readonly { readonly rate: number; readonly reason: string }[];
}

/** What {@link measureSensitivity} found. */
export interface Sensitivity {
  readonly latency: LatencySource;
  readonly seed: number;
  /**
   * What errors are: `output`, the energy of the error of a weight's products with the calibration inputs divided by that of the products;
   * `energy`, the share of the weight's energy that was pruned.
   */
  readonly error: 'energy' | 'output';
  /** The whole network, not pruned. */
  readonly network: Costs;
  readonly weights: readonly WeightSensitivity[];
  /** Weights that stay dense in any case. */
  readonly kept: readonly { readonly weight: string; readonly reason: string }[];
}

/** From what hardly any weight minds to what few bear. */
const defaultRates = [2, 3, 4, 6, 8, 12, 16] as const;

/**
 * Finds out what pruning each weight alone would cost and save at a few rates.
 *
 * @param graph - The network. Weights that were pruned before are taken as dense ones.
 * @param latency - Tells how long layers take.
 * @param options - Rates, blocks, layers, and how what is kept is chosen.
 * @throws `GrimError` as `pruneByMagnitude` and `pruneByReconstruction` do; when a rate is not above 1, and when
 * reconstruction is given no calibration inputs.
 */
export async function measureSensitivity(
  graph: Graph,
  latency: LatencyModel,
  options: SensitivityOptions,
): Promise<Sensitivity> {
  const {
    method,
    calibration,
    damping,
    operators,
    createEvaluator,
    seed = 1,
    onProgress,
    ...others
  } = options;
  const { rates: given = defaultRates, ...pruneOptions } = others;
  const reconstructs = method === 'reconstruct';
  const rates = checkedRates(given);
  checkDamping(damping);
  if (reconstructs && !calibration) throw new GrimError('reconstruction needs calibration inputs');
  const { uses, assigned, reasons } = selectWeights(graph, { ...pruneOptions, rate: rates[0] ?? 1 });
  let run = 0;
  const moments =
    calibration &&
    (await collectMoments(graph, usesOf(assigned), {
      sequences: calibration,
      createEvaluator: createEvaluator ?? referenceEvaluators(operators),
      onRun: () => onProgress?.({ stage: 'calibrating', done: ++run, total: countRuns(calibration) }),
    }));
  const settings = { correctBias: true, ...(damping !== undefined && { damping }) };

  const macs = countMacs(graph);
  let done = 0;
  const breathe = breather();
  const tried: TriedWeight[] = [];
  for (const weight of assigned) {
    const bands = moments && momentsOf(weight.uses, moments);
    const reconstruct =
      reconstructs && moments ? reconstructorOf(graph, weight, moments, settings) : undefined;
    const outcomes: TriedRate[] = [];
    for (const rate of rates) {
      outcomes.push(tryRate(atRate(weight, rate), reconstruct, bands));
      onProgress?.({ stage: 'pruning', done: ++done, total: assigned.length * rates.length });
      await breathe();
    }
    const perElement = weight.uses.reduce((sum, use) => sum + macs.perElement(use), 0);
    tried.push({ weight, outcomes, perElement });
  }

  const questions = tried.flatMap(({ weight, outcomes }): WeightQuestion[] => [
    { weight },
    ...outcomes.flatMap(({ rate, chosen }) =>
      chosen ? [{ weight, pruning: atRate(weight, rate).assignment }] : [],
    ),
  ]);
  const answers = (
    await askLatency(latency, layerShapes(graph), questions, seed, (timed, total) =>
      onProgress?.({ stage: 'timing', done: timed, total }),
    )
  ).values();
  const next = (): number => answers.next().value ?? NaN;

  const weights = tried.map(({ weight, outcomes, perElement }): WeightSensitivity => {
    const { uses: users, assignment, matrix } = weight;
    const [{ rows, columns, value }] = users;
    // Where others keep the dense constant in any case, it costs nothing more, and what is pruned comes beside it.
    const isShared = uses.some((use) => use.value === value && !users.includes(use));
    return {
      weights: users.map(weightName),
      rows,
      columns,
      block: { rows: assignment.grid.blockRows, columns: assignment.grid.blockColumns },
      dense: {
        seconds: next(),
        bytes: isShared ? 0 : matrix.values.byteLength,
        macs: perElement * countNonZeros(matrix.values),
      },
      points: outcomes.flatMap(({ rate, chosen }) =>
        chosen
          ? [
              {
                rate,
                error: chosen.error,
                seconds: next(),
                bytes: chosen.bytes,
                macs: perElement * chosen.nonZeros,
              },
            ]
          : [],
      ),
      refused: outcomes.flatMap(({ rate, reason }) => (reason === undefined ? [] : [{ rate, reason }])),
    };
  });
  const [networkSeconds = NaN] = await askNetworks(latency, [withoutPruning(graph)]);
  return {
    latency: latency.source,
    seed,
    error: calibration ? 'output' : 'energy',
    network: {
      seconds: networkSeconds,
      bytes: denseWeightBytes(uses),
      macs: macs.useful,
    },
    weights,
    kept: [...reasons].map(([use, reason]) => ({ weight: weightName(use), reason })),
  };
}

function checkedRates(rates: readonly number[]): number[] {
  if (rates.length === 0) throw new GrimError('there are no rates to try');
  for (const rate of rates) {
    if (!Number.isFinite(rate) || rate <= 1) {
      throw new GrimError(`rates to try must be finite numbers above 1, got ${rate}`);
    }
  }
  return [...new Set(rates)].sort((a, b) => a - b);
}

function atRate(weight: AssignedWeight, rate: number): AssignedWeight {
  const { assignment } = weight;
  return {
    ...weight,
    assignment: { ...assignment, projection: { ...assignment.projection, rate } },
  };
}

interface TriedWeight {
  readonly weight: AssignedWeight;
  readonly outcomes: readonly TriedRate[];
  /** Multiply-adds of a run for each element that is kept. */
  readonly perElement: number;
}

interface TriedRate {
  readonly rate: number;
  readonly chosen?: { readonly error: number; readonly bytes: number; readonly nonZeros: number };
  readonly reason?: string;
}

/** What a rate does to a weight, or why it cannot be. */
function tryRate(
  weight: AssignedWeight,
  reconstruct: Reconstructor | undefined,
  bands: readonly Moments[] | undefined,
): TriedRate {
  const { uses, assignment, matrix } = weight;
  const { rate } = assignment.projection;
  // Refused by name like anywhere else: it is not the rate that is wrong.
  if (!matrix.values.every(Number.isFinite)) chooseByMagnitude(weight);
  try {
    const reconstructed = reconstruct && refuseAs(weightName(uses[0]), () => reconstruct(assignment));
    const chosen: ChosenWeights = reconstructed ?? chooseByMagnitude(weight);
    const account = accountBytes({ ...matrix, values: chosen.values }, assignment.grid);
    const reason = reasonForDense(account);
    if (reason !== undefined) return { rate, reason };
    const error =
      reconstructed?.reconstruction.outputError ??
      (bands ? outputError({ matrix, bands }, chosen.values) : 1 - chosen.keptEnergy);
    return { rate, chosen: { error, bytes: account.bcrc.total, nonZeros: account.nonZeros } };
  } catch (error) {
    if (error instanceof GrimError) return { rate, reason: error.problem };
    throw error;
  }
}

function withoutPruning(graph: Graph): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map(({ name, op, inputs, outputs }) => ({ name, op, inputs, outputs })),
  };
}
