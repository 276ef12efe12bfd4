import type { Tensor } from '@grim/ir';
import type { Loss } from '@grim/training';

/** How good a network is on examples. */
export interface Score {
  readonly loss: number;
  /** Share of examples whose largest score is that of their class; `null` without labels. */
  readonly accuracy: number | null;
}

/** What a network is trained to do. Examples are given by their numbers. */
export interface Objective {
  readonly kind: 'cross-entropy' | 'distillation';
  readonly loss: Loss<readonly number[]>;
  /** Of outputs [count, ...shape for one example]. */
  readonly score: (outputs: ReadonlyMap<string, Tensor>, examples: readonly number[]) => Score;
}
