import {
  frameHeader,
  renderPrototypes,
  weightsWords,
  type HeaderFacts,
  type PortParameter,
} from '@grim/codegen-c';
import type { Program } from '@grim/kernels';

/** What the header of a program states beside what all do. */
export interface DeviceHeaderFacts extends Omit<HeaderFacts, 'model'> {
  /** What a context takes on the device. */
  readonly deviceBytes: number;
  readonly parameters: readonly PortParameter[];
}

/** The header of a program on an OpenCL device. */
export function renderHeader(program: Program, facts: DeviceHeaderFacts): string {
  const { prefix, deviceBytes, parameters } = facts;
  const upper = prefix.toUpperCase();
  const framed = { ...facts, model: program.model };
  const prototypes = renderPrototypes({
    ...{ prefix, parameters, isRecurrent: program.states.length > 0 },
    status: `0, or an error of OpenCL, which ${prefix}_failure puts into words`,
    allocation: '',
  });
  return frameHeader(framed, {
    needs: `OpenCL 1.2${program.element === 'f16' ? ' with 16-bit floats (cl_khr_fp16)' : ''}`,
    contextBytes: `; what is computed takes ${String(deviceBytes)} more on the device`,
    context: 'different ones at once.',
    functions: `/**
 * Makes a context on the first GPU, or the first device where there is none. Compiles the kernels, which takes a while.
 *
 * @param memory ${upper}_CONTEXT_BYTES bytes of the caller, aligned to 16, to be kept until ${prefix}_release
 * @param weights ${upper}_WEIGHT_BYTES bytes${weightsWords(framed)}; copied to the device, not needed afterwards
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

${prototypes}`,
  });
}
