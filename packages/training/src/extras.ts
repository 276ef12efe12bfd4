import { GrimError, inferShapes, zeros, type Graph, type Node, type Tensor } from '@grim/ir';
import { matchesGlob } from '@grim/prune';
import { mixSeed } from './data/random.ts';
import type { RunningStatistics } from './layers/batch-norm-stage.ts';
import { liveNodes } from './live-nodes.ts';

/** What training puts into a network and use leaves out. */
export interface ExtraOptions {
  /**
   * Patterns of convolutions and linear layers that get batch norm between their product and their activation. Its statistics
   * and scales are folded into weights and bias of the graph that the trainer gives; zeros stay zeros. Layers that are not trained,
   * since they are frozen, fixed or lead to no output, have none; a pattern must match others.
   */
  readonly batchNorm?: readonly string[];
  /** Dropout behind layers, by pattern: which part of the elements becomes zero, from 0 to below 1. The last pattern counts. */
  readonly dropout?: Readonly<Record<string, number>>;
  /** Seed of dropout; 0 by default. */
  readonly seed?: number;
}

/** Batch norm of a layer. */
export interface BatchNorm {
  /** Names of its parameters. */
  readonly gamma: string;
  readonly beta: string;
  /** Axis of the channels. */
  readonly axis: number;
  readonly running: RunningStatistics;
}

/** Dropout of a layer. */
export interface Dropout {
  readonly rate: number;
  /** Seed of the pass that is running, for an output of the layer by its position. */
  readonly seed: (output: number) => number;
}

/** Batch norm and dropout of a network, by layer, and what they hold. */
export interface Extras {
  readonly batchNorms: ReadonlyMap<string, BatchNorm>;
  readonly dropouts: ReadonlyMap<string, Dropout>;
  readonly parameters: ReadonlyMap<string, Tensor>;
  readonly memory: ReadonlyMap<string, Tensor>;
  /** Begins a pass in training: dropout draws anew. */
  readonly beginPass: () => void;
}

function requireMatch(option: string, pattern: string, names: readonly string[], what: string): void {
  if (!names.some((name) => matchesGlob(pattern, name))) {
    throw new GrimError(`${option} pattern "${pattern}" matches no ${what}`);
  }
}

/**
 * Batch norm and dropout for the layers of a graph.
 *
 * @param graph - The network.
 * @param trained - Names of the constants that are trained.
 * @param options - Patterns of layers.
 * @throws `GrimError` when a pattern matches nothing that is trained, a rate is none, or weights of a layer with batch norm have other
 * uses.
 */
export function createExtras(
  graph: Graph,
  trained: { readonly has: (name: string) => boolean },
  options: ExtraOptions,
): Extras {
  const { batchNorm = [], dropout = {}, seed = 0 } = options;
  const shapes = inferShapes(graph);
  const layers = graph.nodes.filter(({ op }) => op.kind === 'conv' || op.kind === 'linear');
  const layerNames = layers.map(({ name }) => name);
  const live = new Set(liveNodes(graph).map(({ name }) => name));
  // Folding changes weights and bias, so both must be free to.
  const isTrained = ({ name, inputs }: Node): boolean =>
    live.has(name) &&
    inputs.slice(1).every((value) => value === null || !graph.constants.has(value) || trained.has(value));
  const trainedLayers = layers.filter(isTrained);
  const trainedNames = trainedLayers.map(({ name }) => name);
  for (const pattern of batchNorm) {
    requireMatch('batchNorm', pattern, layerNames, 'convolution or linear layer');
    requireMatch('batchNorm', pattern, trainedNames, 'layer that is trained');
  }
  const batchNorms = new Map<string, BatchNorm>();
  const parameters = new Map<string, Tensor>();
  const memory = new Map<string, Tensor>();
  for (const { name, op, inputs, outputs } of trainedLayers) {
    if (!batchNorm.some((pattern) => matchesGlob(pattern, name))) continue;
    for (const value of inputs.slice(1)) {
      if (value === null) continue;
      const uses = graph.nodes.flatMap((node) => node.inputs).filter((input) => input === value);
      if (!graph.constants.has(value) || uses.length > 1) {
        throw new GrimError(`batch norm cannot be folded into ${value}, which is not its own constant`, {
          layer: name,
        });
      }
    }
    const shape = shapes.get(outputs[0] ?? '') ?? [];
    const axis = op.kind === 'conv' ? 1 : shape.length - 1;
    const channels = shape[axis] ?? 0;
    const ones = (): Tensor => ({ shape: [channels], data: new Float32Array(channels).fill(1) });
    const running = { mean: zeros([channels]), variance: ones() };
    const named = (what: string): string => `batchNorm/${name}/${what}`;
    parameters.set(named('gamma'), ones()).set(named('beta'), zeros([channels]));
    memory.set(named('mean'), running.mean).set(named('variance'), running.variance);
    batchNorms.set(name, { gamma: named('gamma'), beta: named('beta'), axis, running });
  }

  const passes = zeros([]);
  const dropouts = new Map<string, Dropout>();
  const names = graph.nodes.map(({ name }) => name);
  for (const [pattern, rate] of Object.entries(dropout)) {
    requireMatch('dropout', pattern, names, 'layer');
    if (!(rate >= 0 && rate < 1)) {
      throw new GrimError(`dropout of "${pattern}" must be at least 0 and below 1, got ${rate}`);
    }
    names.forEach((name, index) => {
      if (!matchesGlob(pattern, name)) return;
      const seedOf = (...parts: readonly number[]): number =>
        mixSeed(seed, index, passes.data[0] ?? 0, ...parts);
      dropouts.set(name, { rate, seed: (output) => (output === 0 ? seedOf() : seedOf(output)) });
    });
  }
  if (dropouts.size > 0) memory.set('dropout/passes', passes);
  return {
    batchNorms,
    dropouts,
    parameters,
    memory,
    beginPass: () => {
      passes.data[0] = (passes.data[0] ?? 0) + 1;
    },
  };
}
