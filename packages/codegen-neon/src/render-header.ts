import {
  frameHeader,
  renderPrototypes,
  weightsWords,
  type HeaderFacts,
  type PortParameter,
} from '@grim/codegen-c';
import type { Program } from '@grim/kernels';

/** The header of a program: sizes, and what each function does. */
export function renderHeader(
  program: Program,
  facts: Omit<HeaderFacts, 'model'> & { readonly parameters: readonly PortParameter[] },
): string {
  const { prefix, parameters } = facts;
  const upper = prefix.toUpperCase();
  const framed = { ...facts, model: program.model };
  return frameHeader(framed, {
    needs: 'AArch64 with NEON and libm',
    context:
      'different ones at once. Its bytes may be copied to other memory that is aligned to 16: the copy is a context in the same state.',
    functions: `/**
 * Makes a context in memory of the caller, which owns it and may free it when the context is used no longer.
 *
 * @param memory ${upper}_CONTEXT_BYTES bytes, aligned to 16
 * @param weights ${upper}_WEIGHT_BYTES bytes, aligned to 16${weightsWords(framed)}; read by every run, never written, shared by contexts
 * @return the context, or NULL when memory or weights are NULL or not aligned
 */
${prefix}_context *${prefix}_init(void *memory, const void *weights);

${renderPrototypes({ prefix, parameters, isRecurrent: program.states.length > 0 })}`,
  });
}
