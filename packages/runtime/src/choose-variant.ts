import type { CompiledProgram } from '@grim/ir/program';
import { missingFeature } from './features.ts';

/** Which variant of a model's code runs, and why. */
export interface CodeVariant {
  /**
   * `strict` computes the same bits on every engine. `relaxed` leaves the rounding of multiply-adds to the engine, which is
   * faster where it has a fused one.
   */
  readonly name: 'relaxed' | 'strict';
  /** Why this one, e.g. `relaxed-simd is not available here`. */
  readonly reason: string;
}

/**
 * The fastest variant of the code that this engine runs and the caller allows, and its module.
 *
 * @param strict - Whether only the strict variant is allowed.
 */
export function chooseVariant(
  { plan, code, relaxedCode }: CompiledProgram,
  strict: boolean,
): { readonly variant: CodeVariant; readonly code: Uint8Array } {
  const stay = (reason: string) => ({ variant: { name: 'strict', reason }, code }) as const;
  if (!plan.relaxedFeatures || !relaxedCode) return stay('the file has no relaxed code');
  if (strict) return stay('strict code was asked for');
  const missing = missingFeature(plan.relaxedFeatures);
  if (missing !== undefined) return stay(`${missing} is not available here`);
  const reason = `${plan.relaxedFeatures.join(', ')} available here`;
  return { variant: { name: 'relaxed', reason }, code: relaxedCode };
}
