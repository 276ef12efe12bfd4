import type { Operator, Shape } from '@grim/ir';
import type { Assignment } from '../selection/assignment.ts';

/** What the time of a layer depends on beside its weights. */
export interface LayerShape {
  readonly op: Operator;
  /** Shapes of the operands by position; `null` where an optional one is absent. */
  readonly inputShapes: readonly (Shape | null)[];
  /** Positions of the operands that are constants. */
  readonly constants: readonly number[];
  /** How many values it computes. */
  readonly outputs: number;
}

/** How one weight of a sample is pruned: blocks, rates, and what of a block is pruned. */
export type WeightPruning = Pick<Assignment, 'gateRates' | 'grid' | 'projection'>;

/** A layer whose time is asked for. Its weights are random: time depends on which are kept, and hardly on what they are. */
export interface LayerSample {
  /** Name of the layer in messages. */
  readonly layer: string;
  readonly shape: LayerShape;
  /** How weights are pruned, by position of the operand; those that are not here are dense. */
  readonly pruned: ReadonlyMap<number, WeightPruning>;
  /** Any integer: equal seeds give equal weights and masks. */
  readonly seed: number;
}

/** Text that is equal for samples that take equally long: everything but the name. */
export function sampleKey({ shape, pruned, seed }: LayerSample): string {
  return JSON.stringify({ shape, pruned: [...pruned], seed });
}
