import { GrimError } from '@grim/ir';
import type { JaxArray } from './jax/load-jax.ts';
import { present } from './layers/present.ts';
import type { Mode, StagePass } from './layers/stage.ts';
import type { PlannedStage } from './plan.ts';

/** A forward pass through all stages. */
export interface NetworkPass {
  /** A value that was given or that a stage has computed, borrowed. */
  readonly value: (name: string) => JaxArray;
  /**
   * Derivatives by some values, new arrays; those that nothing depends on are left out.
   *
   * @param cotangents - Derivative by the outputs, by name of the value; used up.
   * @param wanted - Names of the values.
   */
  readonly pullBack: (
    cotangents: ReadonlyMap<string, JaxArray>,
    wanted: Iterable<string>,
  ) => Promise<Map<string, JaxArray>>;
  /** Lets go of everything. */
  readonly release: () => void;
}

/** Names the layer in what its stage refuses. */
async function naming<T>(layer: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof GrimError ? error.within({ layer }) : error;
  }
}

/**
 * Runs the stages of a network.
 *
 * @param stages - The stages, in their order.
 * @param given - Inputs, states and constants by name; used up.
 * @param mode - What the pass is for.
 * @throws `GrimError` naming the layer that does not fit the memory.
 */
export async function runStages(
  stages: readonly PlannedStage[],
  given: ReadonlyMap<string, JaxArray>,
  mode: Mode,
): Promise<NetworkPass> {
  const values = new Map(given);
  const passes: StagePass[] = [];
  const release = (): void => {
    for (const array of values.values()) array.dispose();
    for (const pass of passes) pass.release();
    values.clear();
    passes.length = 0;
  };
  const operandsOf = ({ inputs }: PlannedStage): (JaxArray | null)[] =>
    inputs.map((name) => (name === null ? null : present(values.get(name))));
  try {
    for (const planned of stages) {
      const pass = await naming(planned.layer, () => planned.stage(operandsOf(planned), mode));
      passes.push(pass);
      pass.outputs.forEach((array, position) => {
        const name = planned.outputs[position];
        if (name === undefined) array.dispose();
        else values.set(name, array);
      });
    }
  } catch (error) {
    release();
    throw error;
  }
  const pullBackStages = async (derivatives: Map<string, JaxArray>): Promise<void> => {
    for (const [index, planned] of [...stages.entries()].reverse()) {
      if (!planned.trained) continue;
      const ofOutputs = planned.outputs.map((name) => derivatives.get(name) ?? null);
      if (ofOutputs.every((derivative) => derivative === null)) continue;
      const ofInputs = await naming(planned.layer, () => present(passes[index]).pullBack(ofOutputs));
      for (const name of planned.outputs) {
        derivatives.get(name)?.dispose();
        derivatives.delete(name);
      }
      planned.inputs.forEach((name, position) => {
        const derivative = ofInputs[position];
        if (name === null || !derivative) return;
        const other = derivatives.get(name);
        derivatives.set(name, other ? other.add(derivative) : derivative);
      });
    }
  };
  return {
    value: (name) => present(values.get(name)),
    pullBack: async (cotangents, wanted) => {
      const derivatives = new Map(cotangents);
      try {
        await pullBackStages(derivatives);
      } catch (error) {
        for (const array of derivatives.values()) array.dispose();
        throw error;
      }
      const kept = new Set(wanted);
      for (const [name, derivative] of derivatives) {
        if (kept.has(name)) continue;
        derivative.dispose();
        derivatives.delete(name);
      }
      return derivatives;
    },
    release,
  };
}
