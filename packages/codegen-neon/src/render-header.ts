import { identifier } from '@grim/codegen-c';
import type { Port } from '@grim/ir';
import type { Program } from '@grim/kernels';

/** What the header of a program states. */
export interface HeaderFacts {
  readonly prefix: string;
  readonly contextBytes: number;
  readonly weightBytes: number;
  readonly runParameters: string;
  /** Whether the weights are an array of the program. */
  readonly hasWeightArray: boolean;
}

/** A port as a line of a comment: its parameter, its name in the model, its shape. */
const portLine = (kind: 'input' | 'output', { name, shape }: Port): string =>
  ` * - ${kind}_${identifier(name)}: ${shape.join(' × ')} floats, row-major`;

/** The header of a program: sizes, and what each function does. */
export function renderHeader(
  program: Program,
  { prefix, contextBytes, weightBytes, runParameters, hasWeightArray }: HeaderFacts,
): string {
  const upper = prefix.toUpperCase();
  const title = program.model.replaceAll(/[\r\n]/g, ' ').replaceAll('*/', '* /');
  return `/* The model "${title}". Needs AArch64 with NEON and libm. */
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
/** One stream of data through the model: its states and what is computed on the way. Threads may use different ones at once. */
typedef struct ${prefix}_context ${prefix}_context;

/**
 * Makes a context in memory of the caller, which owns it and may free it when the context is used no longer.
 *
 * @param memory ${upper}_CONTEXT_BYTES bytes, aligned to 16
 * @param weights ${upper}_WEIGHT_BYTES bytes${hasWeightArray ? `, such as ${prefix}_weights` : ` of ${prefix}_weights.bin`}; read by every run, never written, shared by contexts
 * @return the context, or NULL when memory or weights are NULL or memory is not aligned
 */
${prefix}_context *${prefix}_init(void *memory, const void *weights);

/** Sets the states to what they were before the first run. */
void ${prefix}_reset(${prefix}_context *context);

/**
 * Runs the model once${program.states.length === 0 ? '' : ', one step: states carry over to the next run'}. Allocates nothing.
 *
${[...program.inputs.map((port) => portLine('input', port)), ...program.outputs.map((port) => portLine('output', port))].join('\n')}
 */
void ${prefix}_run(${runParameters});

#ifdef __cplusplus
}
#endif

#endif
`;
}
