import { commentText, renderPrototypes, type PortParameter } from '@grim/codegen-c';
import type { Program } from '@grim/kernels';

/** What the header of a program states. */
export interface HeaderFacts {
  readonly prefix: string;
  readonly contextBytes: number;
  readonly deviceBytes: number;
  readonly weightBytes: number;
  readonly parameters: readonly PortParameter[];
  /** Whether the weights are an array of the program. */
  readonly hasWeightArray: boolean;
}

/** The header of a program on an OpenCL device. */
export function renderHeader(
  program: Program,
  { prefix, contextBytes, deviceBytes, weightBytes, parameters, hasWeightArray }: HeaderFacts,
): string {
  const upper = prefix.toUpperCase();
  const prototypes = renderPrototypes({
    ...{ prefix, parameters, isRecurrent: program.states.length > 0 },
    status: `0, or an error of OpenCL, which ${prefix}_failure puts into words`,
    allocation: '',
  });
  return `/* The model "${commentText(program.model)}". Needs OpenCL 1.2${program.element === 'f16' ? ' with 16-bit floats (cl_khr_fp16)' : ''}. */
#ifndef ${upper}_H
#define ${upper}_H

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of memory that a context needs, aligned to 16; what is computed takes ${String(deviceBytes)} more on the device. */
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
 * different ones at once.
 */
typedef struct ${prefix}_context ${prefix}_context;

/**
 * Makes a context on the first GPU, or the first device where there is none. Compiles the kernels, which takes a while.
 *
 * @param memory ${upper}_CONTEXT_BYTES bytes of the caller, aligned to 16, to be kept until ${prefix}_release
 * @param weights ${upper}_WEIGHT_BYTES bytes${hasWeightArray ? `, such as ${prefix}_weights` : `: the contents of ${prefix}_weights.bin`}; copied to the device, not needed afterwards
 * @return the context, or NULL; then ${prefix}_failure says why
 */
${prefix}_context *${prefix}_init(void *memory, const void *weights);

/** As ${prefix}_init, on the first device whose name contains \`device\`, unless that is NULL. */
${prefix}_context *${prefix}_init_on(void *memory, const void *weights, const char *device);

/** As ${prefix}_init, on the device of another context, whose weights and compiled kernels are shared. Either may be released first. */
${prefix}_context *${prefix}_init_beside(void *memory, const ${prefix}_context *other);

/** Gives back what a context has on the device. */
void ${prefix}_release(${prefix}_context *context);

/** What went wrong in the last call on this thread: one line, which is empty where nothing did. */
const char *${prefix}_failure(void);

${prototypes}

#ifdef __cplusplus
}
#endif

#endif
`;
}
