import { floatLiteral } from '../literals.ts';
import {
  closeStatements,
  complain,
  openWeights,
  outputArrays,
  runStatement,
  sampleArray,
  sampleOperands,
  stepFunction,
} from './program-text.ts';
import type { ProjectFacts } from './project-facts.ts';

/** A function that compares the values of one output of a step with the stored ones. */
function comparison(tolerance: number): string {
  const isExact = tolerance === 0;
  const scale = isExact
    ? ''
    : `  float scale = 1.0f;
  for (int index = 0; index < count; index++) {
    if (isfinite(expected[index]) && fabsf(expected[index]) > scale) scale = fabsf(expected[index]);
  }
`;
  const near = isExact
    ? ''
    : `    const float difference = fabsf(actual[index] - expected[index]) / scale;
    if (difference > greatest_difference) greatest_difference = difference;
    if (difference <= ${floatLiteral(Math.fround(tolerance))}) continue;
`;
  return `static void compare(const char *name, int step, const float *actual, const float *expected, int count) {
${scale}  for (int index = 0; index < count; index++) {
    if (isnan(actual[index]) && isnan(expected[index])) continue;
    if (memcmp(&actual[index], &expected[index], sizeof(float)) == 0) continue;
${near}    if (failures++ < 10) {
      printf("%s[%d] of step %d is %.9g, expected %.9g\\n", name, index, step, (double)actual[index], (double)expected[index]);
    }
  }
}`;
}

/**
 * A program that runs a model on its stored samples, in two contexts side by side. It ends with 0 when all outputs are what they
 * should be, with 1 when not, and with 2 when it could not run.
 */
export function renderSelfTest(facts: ProjectFacts): string {
  const { prefix, parameters, isRecurrent, weights, tolerance, context } = facts;
  const samples = `${prefix.toUpperCase()}_SAMPLES`;
  const compareOutputs = parameters
    .filter(({ direction }) => direction === 'output')
    .map(
      (parameter) =>
        `  compare("${parameter.name}", step, ${parameter.name}, ${sampleArray(prefix, parameter)}[step], ${String(parameter.floats)});`,
    )
    .join('\n');
  const call = (name: string, which: string, step: string): string =>
    runStatement(facts, `${name}(${which}, ${sampleOperands(facts, step)})`);
  const result =
    tolerance === 0
      ? `  printf("${prefix}: all outputs are equal, bit for bit\\n");`
      : `  printf("${prefix}: greatest relative difference %g, allowed ${String(tolerance)}\\n", (double)greatest_difference);`;
  return `/* Runs the model on stored inputs and compares what comes out with stored outputs; ends with 0 when it agrees. */
#include "${prefix}.h"
#include "${prefix}_samples.h"

#include <math.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

${context.declare('first')}
${context.declare('second')}

${outputArrays(facts)}

static int failures = 0;${tolerance === 0 ? '' : '\nstatic float greatest_difference = 0.0f;'}

${comparison(tolerance)}

static void compare_outputs(int step) {
${compareOutputs}
}

int main(${weights === 'c' ? 'void' : 'int argc, char **argv'}) {
${openWeights(facts, '')}
  ${prefix}_context *const first = ${context.open('first')};
  ${prefix}_context *const second = ${context.open('second')};
  if (first == NULL || second == NULL) {
    ${complain(facts)}
    return 2;
  }
  // The second context does other steps in between: whatever the two share shows.
  for (int step = 0; step < ${samples}; step++) {
    ${call(stepFunction(facts), 'second', `${samples} - 1 - step`)}
    ${call(stepFunction(facts), 'first', 'step')}
    compare_outputs(step);
  }
${
  isRecurrent
    ? `  ${runStatement(facts, `${prefix}_reset(second)`)}
  for (int step = 0; step < ${samples}; step++) {
    ${call(stepFunction(facts), 'second', 'step')}
    compare_outputs(step);
  }
  ${call(`${prefix}_run`, 'first', '0')}
  compare_outputs(0);
`
    : ''
}${closeStatements(facts, ['first', 'second'])}  if (failures > 0) {
    printf("${prefix}: %d values differ\\n", failures);
    return 1;
  }
${result}
  return 0;
}
`;
}
