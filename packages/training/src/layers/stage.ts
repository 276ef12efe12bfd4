import type { Shape } from '@grim/ir';
import type { Jax, JaxArray } from '../jax/load-jax.ts';

/** Operands or their derivatives by position; `null` where there is none. */
export type Operands = readonly (JaxArray | null)[];

/** A forward pass through a stage, with what its backward pass needs. */
export interface StagePass {
  /** Results; they belong to the caller. */
  readonly outputs: readonly JaxArray[];
  /**
   * Derivative by each operand that is wanted, `null` for the others; new arrays. The operands must still be there.
   *
   * @param cotangents - Derivative by each result, of its shape, borrowed; `null` where nothing depends on it.
   */
  readonly pullBack: (cotangents: Operands) => Promise<Operands>;
  /** Lets go of what was kept for the backward pass. */
  readonly release: () => void;
}

/** What a pass is for: `training` has dropout, and statistics of the batch; `use` has neither. */
export type Mode = 'training' | 'use';

/** One step of a network and its derivative. Operands are borrowed. */
export type Stage = (operands: Operands, mode: Mode) => Promise<StagePass>;

/** What a stage is made for. */
export interface StageSite {
  readonly jax: Jax;
  /** Shape of each operand; `null` where an optional one is absent. */
  readonly inputShapes: readonly (Shape | null)[];
  readonly outputShapes: readonly Shape[];
  /** Whether the derivative by each operand is wanted. */
  readonly wanted: readonly boolean[];
}
