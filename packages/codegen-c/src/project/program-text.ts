import type { PortParameter } from '../port-parameters.ts';
import type { ProjectFacts } from './project-facts.ts';

/** Name of the array that holds the samples of an input or output. */
export const sampleArray = (prefix: string, { name }: PortParameter): string => `${prefix}_sample_${name}`;

/** Name of the function that takes a step. */
export const stepFunction = ({ prefix, isRecurrent }: ProjectFacts): string =>
  `${prefix}_${isRecurrent ? 'step' : 'run'}`;

/** Definitions of an array per output, which has the name of the parameter. */
export const outputArrays = ({ parameters }: ProjectFacts): string =>
  parameters
    .filter(({ direction }) => direction === 'output')
    .map(({ name, floats }) => `static float ${name}[${String(floats)}];`)
    .join('\n');

/** The operands of a step on the sample whose number is in a variable. */
export const sampleOperands = ({ prefix, parameters }: ProjectFacts, sample: string): string =>
  parameters
    .map((parameter) =>
      parameter.direction === 'input' ? `${sampleArray(prefix, parameter)}[${sample}]` : parameter.name,
    )
    .join(', ');

/**
 * Statements at the beginning of `main` that find the weights.
 *
 * @param operands - What the usage says after the path of the weights.
 */
export function openWeights({ prefix, weights }: ProjectFacts, operands: string): string {
  if (weights === 'c') return `  const void *const weights = ${prefix}_weights;`;
  return `  if (argc < 2) {
    fprintf(stderr, "usage: %s ${prefix}_weights.bin${operands}\\n", argv[0]);
    return 2;
  }
  const void *const weights = ${prefix}_read_weights(argv[1]);
  if (weights == NULL) {
    fprintf(stderr, "%s: is not the ${prefix}_weights.bin of this model\\n", argv[1]);
    return 2;
  }`;
}

/** The statement that says why there is no context, or why a call failed. */
export const complain = ({ prefix, context }: ProjectFacts): string =>
  context.failure === undefined
    ? `fprintf(stderr, "${prefix}: no context\\n");`
    : `fprintf(stderr, "${prefix}: %s\\n", ${context.failure});`;

/** A statement that calls a function of the model, and ends the program where that fails. */
export function runStatement(facts: ProjectFacts, call: string, end = 'return 2'): string {
  if (facts.context.failure === undefined) return `${call};`;
  return `if (${call} != 0) {
      ${complain(facts)}
      ${end};
    }`;
}

/** Statements that give contexts back, a line each; none where there is nothing to give back. */
export const closeStatements = ({ context: { close } }: ProjectFacts, names: readonly string[]): string =>
  close === undefined ? '' : names.map((name) => `  ${close(name)};\n`).join('');
