import { GrimError, type Activation } from '@grim/ir';
import type { Jax, JaxArray } from '../../jax/load-jax.ts';
import { hasSlopeFromValue, slopeFromValue } from '../activation.ts';

/**
 * Refuses activations of gates whose value does not tell their derivative: only values are kept.
 *
 * @throws `GrimError` naming the activation.
 */
export function requireGateActivations(activations: readonly Activation[]): void {
  for (const activation of activations) {
    if (hasSlopeFromValue(activation)) continue;
    throw new GrimError(`activation ${activation.function} cannot be trained in a recurrent layer`);
  }
}

/** Derivative of an activation of a gate from its value; uses it up. */
export function gateSlope(jax: Jax, activation: Activation, value: JaxArray): JaxArray {
  const slope = slopeFromValue(jax, activation, value);
  if (!slope) throw new TypeError(`activation ${activation.function} should have been refused`);
  return slope;
}
