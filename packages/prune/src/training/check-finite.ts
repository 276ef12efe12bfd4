import { GrimError, type Graph } from '@grim/ir';
import type { TrainedWeight } from './trained-weights.ts';

/** Where a run is, for messages. */
export interface Position {
  readonly phase: string;
  /** Steps of the phase before this one. */
  readonly step: number;
}

/**
 * Refuses a loss that is no number.
 *
 * @throws `GrimError` naming phase and step.
 */
export function checkLoss(loss: number, position: Position): void {
  if (!Number.isFinite(loss)) throw new GrimError(`the loss is ${loss} ${at(position)}`);
}

/**
 * Refuses values, of a parameter or its gradient, that are not finite.
 *
 * @param what - `gradient` or `value`.
 * @param values - By parameter, of any shape.
 * @throws `GrimError` naming layer, parameter, phase and step.
 */
export function checkFinite(
  what: 'gradient' | 'value',
  values: Iterable<readonly [string, Float32Array]>,
  position: Position,
  layers: ReadonlyMap<string, string>,
): void {
  for (const [name, data] of values) {
    const index = data.findIndex((value) => !Number.isFinite(value));
    if (index < 0) continue;
    const layer = layers.get(name) ?? name;
    throw new GrimError(`the ${what} of ${name} is ${data[index] ?? NaN} at index ${index} ${at(position)}`, {
      layer,
    });
  }
}

/**
 * Refuses gradients that lack those of a pruned weight: what it is drawn to would silently not count.
 *
 * @throws `GrimError` naming the layer.
 */
export function checkGradients(
  weights: readonly TrainedWeight[],
  gradients: ReadonlyMap<string, Float32Array>,
): void {
  for (const { name, layer, matrix } of weights) {
    const count = gradients.get(name)?.length ?? 0;
    if (count === matrix.values.length) continue;
    throw new GrimError(
      `the gradient of ${name} that the trainer gives has ${count} values, expected ${matrix.values.length}`,
      { layer },
    );
  }
}

/**
 * Runs a step of a trainer, which knows no phases, and says where in the run it is in what the trainer refuses.
 *
 * @throws `GrimError` naming phase and step besides what the trainer names.
 */
export async function refuseAt<T>(position: Position, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof GrimError
      ? new GrimError(`${error.problem}, ${at(position)}`, error.context)
      : error;
  }
}

/** Names of the layers that use constants first. */
export function layersOfConstants(graph: Graph): Map<string, string> {
  const layers = new Map<string, string>();
  for (const { name, inputs } of graph.nodes) {
    for (const value of inputs) {
      if (value !== null && graph.constants.has(value) && !layers.has(value)) layers.set(value, name);
    }
  }
  return layers;
}

function at({ phase, step }: Position): string {
  return `in phase ${phase}, step ${step}`;
}
