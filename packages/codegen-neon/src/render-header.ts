import { commentText, renderPrototypes, type PortParameter } from '@grim/codegen-c';
import type { Program } from '@grim/kernels';

/** What the header of a program states. */
export interface HeaderFacts {
  readonly prefix: string;
  readonly contextBytes: number;
  readonly weightBytes: number;
  readonly parameters: readonly PortParameter[];
  /** Whether the weights are an array of the program. */
  readonly hasWeightArray: boolean;
}

/** The header of a program: sizes, and what each function does. */
export function renderHeader(
  program: Program,
  { prefix, contextBytes, weightBytes, parameters, hasWeightArray }: HeaderFacts,
): string {
  const upper = prefix.toUpperCase();
  const isRecurrent = program.states.length > 0;
  return `/* The model "${commentText(program.model)}". Needs AArch64 with NEON and libm. */
#ifndef ${upper}_H
#define ${upper}_H

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of memory that a context needs, aligned to 16. */
#define ${upper}_CONTEXT_BYTES ${String(contextBytes)}

/** Bytes of the weights. */
#define ${upper}_WEIGHT_BYTES ${String(weightBytes)}
${
  hasWeightArray
    ? `
/** The weights. */
extern const unsigned char ${prefix}_weights[${upper}_WEIGHT_BYTES];
`
    : ''
}
/**
 * One stream of data through the model: its states and what is computed on the way. There may be any number, and threads may use
 * different ones at once. Its bytes may be copied to other memory that is aligned to 16: the copy is a context in the same state.
 */
typedef struct ${prefix}_context ${prefix}_context;

/**
 * Makes a context in memory of the caller, which owns it and may free it when the context is used no longer.
 *
 * @param memory ${upper}_CONTEXT_BYTES bytes, aligned to 16
 * @param weights ${upper}_WEIGHT_BYTES bytes, aligned to 16${hasWeightArray ? `, such as ${prefix}_weights` : `: the contents of ${prefix}_weights.bin`}; read by every run, never written, shared by contexts
 * @return the context, or NULL when memory or weights are NULL or not aligned
 */
${prefix}_context *${prefix}_init(void *memory, const void *weights);

${renderPrototypes({ prefix, parameters, isRecurrent })}

#ifdef __cplusplus
}
#endif

#endif
`;
}
