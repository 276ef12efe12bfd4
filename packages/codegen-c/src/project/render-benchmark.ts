import {
  closeStatements,
  complain,
  openWeights,
  outputArrays,
  runStatement,
  sampleOperands,
  stepFunction,
} from './program-text.ts';
import type { ProjectFacts } from './project-facts.ts';

/** A program that times a model on its stored samples. */
export function renderBenchmark(facts: ProjectFacts): string {
  const { prefix, weights, usefulMultiplyAdds, context } = facts;
  const secondsAt = weights === 'c' ? 1 : 2;
  const speed =
    usefulMultiplyAdds === 0
      ? ''
      : `  // Products with weights that are zero do not count.
  printf("%.3f useful GMAC/s\\n", ${String(usefulMultiplyAdds)}.0 / samples[count / 2]);
`;
  return `/* Times runs of the model: the median of samples, each of as many runs as last a millisecond. */
#define _POSIX_C_SOURCE 200809L

#include "${prefix}.h"
#include "${prefix}_samples.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST_SAMPLES 1001
#define LEAST_SAMPLES 5

${context.declare('context')}

${outputArrays(facts)}

/** Nanoseconds of a clock that is never set. */
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/** Nanoseconds that some runs take. */
static double time_runs(${prefix}_context *context, int runs) {
  const double start = now();
  for (int run = 0; run < runs; run++) {
    const int sample = run % ${prefix.toUpperCase()}_SAMPLES;
    ${runStatement(facts, `${stepFunction(facts)}(context, ${sampleOperands(facts, 'sample')})`, 'exit(2)')}
  }
  return now() - start;
}

static int by_value(const void *left, const void *right) {
  const double a = *(const double *)left;
  const double b = *(const double *)right;
  return (a > b) - (a < b);
}

int main(int argc, char **argv) {
${openWeights(facts, ' [SECONDS]')}
  const double seconds = argc > ${String(secondsAt)} ? atof(argv[${String(secondsAt)}]) : 1.0;
  ${prefix}_context *const context = ${context.open('context')};
  if (context == NULL) {
    ${complain(facts)}
    return 2;
  }
  // Doubling also warms caches and clock.
  int runs = 1;
  while (time_runs(context, runs) < 1e6 && runs < 1 << 24) runs *= 2;

  static double samples[MOST_SAMPLES];
  const double end = now() + seconds * 1e9;
  int count = 0;
  while (count < LEAST_SAMPLES || (count < MOST_SAMPLES && now() < end)) {
    samples[count++] = time_runs(context, runs) / (double)runs;
  }
  qsort(samples, (size_t)count, sizeof(double), by_value);
  printf("${prefix}: median %.0f ns per run, 10th percentile %.0f, 90th %.0f (%d samples of %d runs)\\n", samples[count / 2],
         samples[count / 10], samples[count * 9 / 10], count, runs);
${speed}${closeStatements(facts, ['context'])}  return 0;
}
`;
}
