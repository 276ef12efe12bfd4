import { GrimError, type Node } from '@grim/ir';
import { download } from './jax/transfer.ts';
import type { PlannedStage } from './plan.ts';
import type { NetworkPass } from './run-stages.ts';

/** The first value that is no finite number. */
function nonFinite(values: Float32Array): number | undefined {
  // Zero times infinity is no number, and neither is a sum with one: much faster than to ask each value.
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += 0 * (values[index] ?? 0);
  if (sum === 0) return undefined;
  return values.find((value) => !Number.isFinite(value));
}

/**
 * Refuses inputs that are not finite.
 *
 * @param name - Name of the input.
 * @param values - Its values, of any shape.
 * @throws `GrimError` naming the input.
 */
export function requireFiniteInput(name: string, values: Float32Array): void {
  const value = nonFinite(values);
  if (value !== undefined) throw new GrimError(`input ${name} holds ${value}`);
}

/**
 * Says where a pass went wrong: names the first layer whose output is not finite.
 *
 * @param stages - The stages of the pass.
 * @param pass - What they computed.
 * @param loss - What the loss came to.
 */
export async function lossError(
  stages: readonly PlannedStage[],
  pass: NetworkPass,
  loss: number,
): Promise<GrimError> {
  for (const { layer, outputs } of stages) {
    for (const name of outputs) {
      const value = nonFinite(await download(pass.value(name).ref));
      if (value !== undefined) return new GrimError(`its output holds ${value}`, { layer });
    }
  }
  return new GrimError(`the loss is ${loss}, though all outputs of the network are finite`);
}

/**
 * Refuses gradients that are not finite.
 *
 * @param nodes - Layers in their order.
 * @param gradients - By name of the parameter, each of its shape.
 * @param owner - Layer of parameters that are no constants of the graph.
 * @throws `GrimError` naming the first layer that has one.
 */
export function requireFiniteGradients(
  nodes: readonly Node[],
  gradients: ReadonlyMap<string, Float32Array>,
  owner: ReadonlyMap<string, string>,
): void {
  const wrong = new Map<string, number>();
  for (const [name, gradient] of gradients) {
    const value = nonFinite(gradient);
    if (value !== undefined) wrong.set(name, value);
  }
  if (wrong.size === 0) return;
  for (const { name: layer, inputs } of nodes) {
    for (const [name, value] of wrong) {
      if (!inputs.includes(name) && owner.get(name) !== layer) continue;
      throw new GrimError(`the gradient of ${name} holds ${value}`, { layer });
    }
  }
}
