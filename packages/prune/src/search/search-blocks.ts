import { accountBytes } from '@grim/bcr';
import { GrimError, type Graph } from '@grim/ir';
import { breather } from '../breather.ts';
import { reasonForDense, selectWeights, type AssignedWeight } from '../prune-weights.ts';
import type { BlockSize, PruneOptions } from '../selection/prune-options.ts';
import { weightName } from '../selection/weight-use.ts';
import { askLatency, type WeightQuestion } from './ask-latency.ts';
import { candidateBlocks } from './candidate-blocks.ts';
import type { LatencyModel, LatencySource } from './latency-model.ts';
import type { LayerShape, WeightPruning } from './layer-sample.ts';
import { layerShapes } from './layer-shapes.ts';
import { literalPatterns } from './literal-patterns.ts';
import { sampleNetwork } from './sample-network.ts';

/** What {@link searchBlocks} looks at. */
export interface BlockSearchOptions extends Omit<PruneOptions, 'block'> {
  /** How much longer than in the coarsest blocks a layer may take in the chosen ones, as a factor (default 1.1). */
  readonly slowdown?: number;
  /** Blocks to look at; those of the kernels' row groups and common column widths when absent. */
  readonly candidates?: readonly BlockSize[];
  /** Of the random weights (default 1). */
  readonly seed?: number;
  /** Told how many layers were timed. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was found out about one block size of one weight. */
export interface BlockCandidate {
  readonly block: BlockSize;
  /** Seconds of the layer, its other weights dense; absent where the block cannot be used. */
  readonly seconds?: number;
  /** Seconds divided by those of the coarsest block. */
  readonly slowdown?: number;
  /** Why it cannot be used. */
  readonly refused?: string;
}

/** The search for the blocks of one weight. */
export interface WeightBlocks {
  /** Names of the weights, `layer:operand`: more than one where layers share a constant. */
  readonly weights: readonly string[];
  readonly rows: number;
  readonly columns: number;
  /** Elements divided by elements kept. */
  readonly rate: number;
  /** Seconds of the dense layer. */
  readonly denseSeconds: number;
  /** From the finest to the coarsest. */
  readonly candidates: readonly BlockCandidate[];
  /** The finest that is quick enough; the coarsest of all where none can be used. */
  readonly chosen: BlockSize;
}

/** What {@link searchBlocks} found. */
export interface BlockSearch {
  readonly latency: LatencySource;
  /** The greatest slowdown allowed. */
  readonly slowdown: number;
  readonly seed: number;
  readonly weights: readonly WeightBlocks[];
}

const defaultSlowdown = 1.1;

/**
 * Finds the block size of each weight from the latency of random layers alone, before anything is pruned (the paper's decoupling of
 * block size and rate): the finest that is at most `slowdown` times as slow as the coarsest at the same rate. Finer blocks
 * keep more of what matters, and take longer.
 *
 * The finest is the one with the smallest area; among equal areas the quicker one, then the one with fewer rows.
 *
 * @param graph - The network; its weights do not matter.
 * @param latency - Tells how long layers take.
 * @param options - Rates, layers, and what a block may be.
 * @throws `GrimError` when the slowdown is below 1, when a weight has no block to look at, when the model gives no time for a layer, or as
 * `pruneByMagnitude` does for patterns and rates.
 */
export async function searchBlocks(
  graph: Graph,
  latency: LatencyModel,
  options: BlockSearchOptions,
): Promise<BlockSearch> {
  const { slowdown = defaultSlowdown, candidates, seed = 1, onProgress, ...pruneOptions } = options;
  if (!(Number.isFinite(slowdown) && slowdown >= 1)) {
    throw new GrimError(`the slowdown must be a finite number of 1 or more, got ${slowdown}`);
  }
  const selection = selectWeights(graph, { ...pruneOptions, block: { rows: 1, columns: 1 } });
  const shapes = layerShapes(graph);
  const breathe = breather();
  const tried: TriedWeight[] = [];
  for (const weight of selection.assigned) {
    const looked = candidateBlocks(weight.uses[0], candidates);
    const coarsest = looked.findLast(({ refused }) => refused === undefined)?.block;
    if (!coarsest) {
      const reasons = looked.map(({ block, refused = '' }) => `${block.rows}x${block.columns} ${refused}`);
      throw new GrimError(`none of the blocks to look at can be used: ${reasons.join(', ')}`, {
        layer: weightName(weight.uses[0]),
      });
    }
    const blocks: TriedBlock[] = [];
    for (const each of looked) {
      blocks.push(each.refused === undefined ? tryBlock(weight, each.block, shapes, seed) : each);
      await breathe();
    }
    tried.push({ weight, blocks, coarsest });
  }
  const questions = tried.flatMap(({ weight, blocks }): WeightQuestion[] => [
    { weight },
    ...blocks.flatMap(({ pruning }) => (pruning ? [{ weight, pruning }] : [])),
  ]);
  const answers = (await askLatency(latency, shapes, questions, seed, onProgress)).values();
  const next = (): number => answers.next().value ?? NaN;
  return {
    latency: latency.source,
    slowdown,
    seed,
    weights: tried.map(({ weight, blocks, coarsest }) => {
      const denseSeconds = next();
      const timed = blocks.map(({ pruning, ...block }) => ({
        ...block,
        ...(pruning && { seconds: next() }),
      }));
      return { ...identity(weight), denseSeconds, ...choose(timed, slowdown, coarsest) };
    }),
  };
}

/** The block of each weight, as the option `block` of the pruner. */
export function chosenBlocks({ weights }: Pick<BlockSearch, 'weights'>): Record<string, BlockSize> {
  return literalPatterns(
    weights.flatMap(({ weights: names, chosen }) => names.map((name) => [name, chosen] as const)),
  );
}

function identity({
  uses,
  assignment,
}: AssignedWeight): Pick<WeightBlocks, 'columns' | 'rate' | 'rows' | 'weights'> {
  const [{ rows, columns }] = uses;
  return { weights: uses.map(weightName), rows, columns, rate: assignment.projection.rate };
}

interface TriedBlock {
  readonly block: BlockSize;
  readonly pruning?: WeightPruning;
  readonly refused?: string;
}

/** The blocks of a weight, and the coarsest that can be used. */
interface TriedWeight {
  readonly weight: AssignedWeight;
  readonly blocks: readonly TriedBlock[];
  readonly coarsest: BlockSize;
}

/** How a weight would be pruned in a block, or why it cannot be. */
function tryBlock(
  { uses: [use], assignment }: AssignedWeight,
  block: BlockSize,
  shapes: ReadonlyMap<string, LayerShape>,
  seed: number,
): TriedBlock {
  const grid = { blockRows: block.rows, blockColumns: block.columns };
  const pruning: WeightPruning = {
    grid,
    projection: assignment.projection,
    ...(assignment.gateRates && { gateRates: assignment.gateRates }),
  };
  const shape = shapes.get(use.layer);
  if (!shape) return { block, refused: 'the layer has no shape' };
  try {
    const sample = { layer: weightName(use), shape, pruned: new Map([[use.input, pruning]]), seed };
    const network = sampleNetwork(sample);
    const values = network.constants.get(`operand${use.input}`)?.data ?? new Float32Array();
    const refused = reasonForDense(accountBytes({ rows: use.rows, columns: use.columns, values }, grid));
    return refused === undefined ? { block, pruning } : { block, refused };
  } catch (error) {
    if (error instanceof GrimError) return { block, refused: error.problem };
    throw error;
  }
}

/** The finest block that is quick enough; the coarsest of all where none was timed. */
function choose(
  blocks: readonly Omit<BlockCandidate, 'slowdown'>[],
  slowdown: number,
  coarsest: BlockSize,
): Pick<WeightBlocks, 'candidates' | 'chosen'> {
  const area = ({ block }: Pick<BlockCandidate, 'block'>): number => block.rows * block.columns;
  const timed = blocks.flatMap(({ block, seconds }) => (seconds === undefined ? [] : [{ block, seconds }]));
  const largest = Math.max(...timed.map(area));
  const reference = Math.min(...timed.filter((each) => area(each) === largest).map(({ seconds }) => seconds));
  const [finest] = timed
    .filter(({ seconds }) => seconds <= slowdown * reference)
    .sort((a, b) => area(a) - area(b) || a.seconds - b.seconds || a.block.rows - b.block.rows);
  return {
    candidates: blocks.map((each) =>
      each.seconds === undefined ? each : { ...each, slowdown: each.seconds / reference },
    ),
    chosen: finest?.block ?? coarsest,
  };
}
