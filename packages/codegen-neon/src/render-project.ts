import {
  identifier,
  portParameters,
  renderBenchmark,
  renderSamples,
  renderSelfTest,
  sampleTolerance,
  usefulMultiplyAdds,
  type ContextText,
  type SampleStep,
} from '@grim/codegen-c';
import { programHalfUse, type Program } from '@grim/kernels';

import type { NeonCapabilities } from './capabilities.ts';
import { renderOperatorFiles, type OperatorSources } from './operator-sources.ts';
import { programLayout } from './program-layout.ts';
import { renderCmakeLists } from './render-cmake-lists.ts';
import { renderProgram, type ProgramFiles, type ProgramOptions } from './render-program.ts';
import { renderReadMe } from './render-read-me.ts';

/** Contexts in memory of the program. */
const contextText = (prefix: string): ContextText => ({
  declare: (name) =>
    `static alignas(16) unsigned char ${name}_memory[${prefix.toUpperCase()}_CONTEXT_BYTES];`,
  open: (name) => `${prefix}_init(${name}_memory, weights)`,
});

/** What {@link renderProject} writes besides the code. */
export interface ProjectOptions extends ProgramOptions {
  /** What made the project of what, for its README: one line. */
  readonly origin?: string;
  /** Operators of a user's own that the program calls; without them an application links them. */
  readonly operators?: OperatorSources;
}

/**
 * A whole model as a project that builds: the files of {@link renderProgram}, a `CMakeLists.txt` for Linux, Android and iOS, a
 * self-test, a benchmark, and a README that says how to use them.
 *
 * @param program - A lowered graph, see `lowerGraph`.
 * @param capabilities - What the code may use, and how multiply-adds are rounded.
 * @param samples - Consecutive steps from the first states on, with the outputs that 32-bit floats and separate rounding give; at
 * least one. Strict code has to give their bits, unless it computes with 16-bit floats.
 * @throws TypeError when a sample lacks an input or output, or has another number of values.
 */
export function renderProject(
  program: Program,
  capabilities: NeonCapabilities,
  samples: readonly SampleStep[],
  options: ProjectOptions = {},
): ProgramFiles {
  const prefix = identifier(options.prefix ?? 'model');
  const { weights = 'c', operators } = options;
  const parameters = portParameters(program);
  const isRecurrent = program.states.length > 0;
  const halves = programHalfUse(program);
  const hasHalves = halves.arithmetic || halves.memory;
  // What a compiler makes of a user's own C is not known either.
  const isExact = capabilities.multiplyAdd === 'separate' && operators === undefined;
  const tolerance = sampleTolerance(hasHalves, isExact);
  const facts = {
    ...{ prefix, parameters, isRecurrent, weights, samples, tolerance },
    usefulMultiplyAdds: usefulMultiplyAdds(program),
    context: contextText(prefix),
  };
  const readMe = {
    ...{ prefix, parameters, isRecurrent, weights, tolerance, capabilities, hasHalves },
    ...programLayout(program),
    model: program.model,
    ...(options.origin !== undefined && { origin: options.origin }),
    hasOperators: operators !== undefined,
  };
  return new Map<string, string | Uint8Array>([
    ...renderProgram(program, capabilities, options),
    ...renderSamples(facts),
    [`${prefix}_test.c`, renderSelfTest(facts)],
    [`${prefix}_benchmark.c`, renderBenchmark(facts)],
    ['CMakeLists.txt', renderCmakeLists(prefix, weights, capabilities, halves.arithmetic, operators)],
    ['README.md', renderReadMe(readMe)],
    ...(operators ? renderOperatorFiles(prefix, operators) : []),
  ]);
}
