import { GrimError } from '@grim/ir';
import { checkCount } from './run-method.ts';

/**
 * How weights are drawn to the pattern. `gradient` adds ρ (W − Z + U) to the gradient of the loss. `proximal` takes the
 * step of the loss alone, then the proximal operator of the penalty, (W + ηρ (Z − U)) / (1 + ηρ), η being the learning
 * rate (Parikh and Boyd 2014, section 4.2).
 */
export type Attraction = 'gradient' | 'proximal';

/** Grows in equal stages of the phase, each of which begins anew with Z = projection of W and U = 0. */
export interface StagedPenalty {
  readonly schedule: 'staged';
  /** How weights are drawn (default `proximal`). */
  readonly attraction?: Attraction;
  /** ρ of the first stage (default 3 for proximal steps, 1e-4 for gradients). */
  readonly initial?: number;
  /** What ρ is multiplied by from one stage to the next (default 2 for proximal steps, 10 for gradients). */
  readonly factor?: number;
  /** Stages, equally long (default 4). */
  readonly stages?: number;
}

/**
 * Follows the residuals of each weight: grows where the primal one, ‖W − Z‖, is larger, falls where the dual one, ρ‖Z −
 * Z'‖, is, U being scaled inversely (Boyd et al. 2011, section 3.4.1). The penalty goes through the optimiser
 * (`gradient`): only then do ρ and the residuals have units in common.
 */
export interface AdaptivePenalty {
  readonly schedule: 'adaptive';
  /** ρ at first (default 1e-2). */
  readonly initial?: number;
  /** What ρ is multiplied or divided by (default 2). */
  readonly factor?: number;
  /** How many times one residual must be the other (default 2). */
  readonly ratio?: number;
  /** ρ grows no further than this (default 1). */
  readonly maximum?: number;
}

/** A penalty without gaps. */
export type ResolvedPenalty = Required<StagedPenalty> | Required<AdaptivePenalty>;

/**
 * A penalty with the defaults that suit the way weights are drawn.
 *
 * @throws `GrimError` naming what is out of range.
 */
export function resolvePenalty(penalty: StagedPenalty | AdaptivePenalty): ResolvedPenalty {
  const resolved: ResolvedPenalty =
    penalty.schedule === 'adaptive'
      ? { initial: 1e-2, factor: 2, ratio: 2, maximum: 1, ...penalty }
      : {
          attraction: 'proximal',
          initial: penalty.attraction === 'gradient' ? 1e-4 : 3,
          factor: penalty.attraction === 'gradient' ? 10 : 2,
          stages: 4,
          ...penalty,
        };
  const atLeast = (option: string, value: number, least: number): void => {
    if (Number.isFinite(value) && value >= least) return;
    throw new GrimError(`${option} of the penalty must be a finite number of ${least} or more, got ${value}`);
  };
  if (!(Number.isFinite(resolved.initial) && resolved.initial > 0)) {
    throw new GrimError(`initial of the penalty must be a finite number above 0, got ${resolved.initial}`);
  }
  atLeast('factor', resolved.factor, 1);
  if (resolved.schedule === 'staged') checkCount('stages of the penalty', resolved.stages, 1);
  else {
    atLeast('ratio', resolved.ratio, 1);
    if (!(Number.isFinite(resolved.maximum) && resolved.maximum >= resolved.initial)) {
      throw new GrimError(
        `maximum of the penalty must be a finite number not below initial, which is ${resolved.initial}, got ${resolved.maximum}`,
      );
    }
  }
  return resolved;
}

/** Whether weights are drawn by proximal steps. */
export function isProximal(penalty: ResolvedPenalty): boolean {
  return penalty.schedule === 'staged' && penalty.attraction === 'proximal';
}
