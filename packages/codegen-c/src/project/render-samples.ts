import { floatLiteral } from '../literals.ts';
import type { PortParameter } from '../port-parameters.ts';
import { sampleArray } from './program-text.ts';
import type { ProjectFacts } from './project-facts.ts';

/** Floats on a line of the text. */
const FLOATS_PER_LINE = 8;

/** The values of one sample, in braces. */
function sampleText(values: Float32Array): string {
  const lines = Array.from({ length: Math.ceil(values.length / FLOATS_PER_LINE) }, (_, line) =>
    [...values.subarray(line * FLOATS_PER_LINE, (line + 1) * FLOATS_PER_LINE)].map(floatLiteral).join(', '),
  );
  return `    {\n${lines.map((line) => `        ${line},\n`).join('')}    },\n`;
}

function valuesOf(
  { samples }: ProjectFacts,
  { direction, port, floats }: PortParameter,
): readonly Float32Array[] {
  return samples.map((step) => {
    const values = (direction === 'input' ? step.inputs : step.outputs)[port.name];
    if (values?.length !== floats)
      throw new TypeError(`sample without ${String(floats)} values of ${port.name}`);
    return values;
  });
}

/** What the header of samples says about a binary file of weights. */
const readerDeclaration = (prefix: string): string => `
/**
 * Reads ${prefix}_weights.bin into memory of the program.
 *
 * @return ${prefix.toUpperCase()}_WEIGHT_BYTES bytes, aligned to 16, or NULL when the file cannot be read or has another size
 */
const void *${prefix}_read_weights(const char *path);
`;

const readerDefinition = (prefix: string): string => `
const void *${prefix}_read_weights(const char *path) {
  static alignas(16) unsigned char weights[${prefix.toUpperCase()}_WEIGHT_BYTES];
  FILE *const file = fopen(path, "rb");
  if (file == NULL) return NULL;
  const size_t bytes = fread(weights, 1, sizeof weights, file);
  const int is_whole = bytes == sizeof weights && fgetc(file) == EOF;
  fclose(file);
  return is_whole ? weights : NULL;
}
`;

/**
 * The stored samples of a model, and what reads its weights where they are a file: a header and a C file that the self-test and the
 * benchmark share.
 *
 * @returns Their texts by name.
 * @throws TypeError when a sample lacks an input or output, or has another number of values.
 */
export function renderSamples(facts: ProjectFacts): ReadonlyMap<string, string> {
  const { prefix, parameters, samples, weights } = facts;
  const upper = prefix.toUpperCase();
  const isBinary = weights === 'binary';
  const declaration = (parameter: PortParameter): string =>
    `const float ${sampleArray(prefix, parameter)}[${upper}_SAMPLES][${String(parameter.floats)}]`;
  const header = `/* Stored inputs of consecutive steps, and the outputs that they give. */
#ifndef ${upper}_SAMPLES_H
#define ${upper}_SAMPLES_H

/** Steps that are stored. */
#define ${upper}_SAMPLES ${String(samples.length)}

${parameters.map((parameter) => `extern ${declaration(parameter)};`).join('\n')}
${isBinary ? readerDeclaration(prefix) : ''}
#endif
`;
  const arrays = parameters.map(
    (parameter) =>
      `${declaration(parameter)} = {\n${valuesOf(facts, parameter).map(sampleText).join('')}};\n`,
  );
  const includes = isBinary
    ? `#include "${prefix}.h"\n\n#include <math.h>\n#include <stdalign.h>\n#include <stdio.h>\n`
    : '#include <math.h>\n';
  const code = `#include "${prefix}_samples.h"\n${includes}\n${arrays.join('\n')}${isBinary ? readerDefinition(prefix) : ''}`;
  return new Map([
    [`${prefix}_samples.h`, header],
    [`${prefix}_samples.c`, code],
  ]);
}
