import {
  identifier,
  portParameters,
  renderBenchmark,
  renderBytes,
  renderSamples,
  renderSelfTest,
  sampleTolerance,
  usefulMultiplyAdds,
  type ContextText,
  type SampleStep,
} from '@grim/codegen-c';
import type { Program } from '@grim/kernels';

import type { OpenclCapabilities } from '../capabilities.ts';
import { programLayout } from '../program-layout.ts';
import { renderSource } from '../render-source.ts';
import { renderCmakeLists } from './render-cmake-lists.ts';
import { renderHeader } from './render-header.ts';
import { renderHost } from './render-host.ts';
import { renderReadMe } from './render-read-me.ts';

/** What {@link renderProject} writes besides the code. */
export interface ProjectOptions {
  /** Begins the names of files, functions and macros (default `model`): programs of one executable need different ones. */
  readonly prefix?: string;
  /** Weights as a C array or as a file of bytes that the application loads (default `c`). */
  readonly weights?: 'c' | 'binary';
  /** What made the project of what, for its README: one line. */
  readonly origin?: string;
}

/** The files of a project by name. */
export type ProjectFiles = ReadonlyMap<string, string | Uint8Array>;

/** Objects of a context beside its kernels, of the size of a pointer each, and what alignment may add. */
const CONTEXT_OBJECTS = 8;

/** Bytes of the memory that the caller gives a context: its objects of OpenCL. */
export const hostBytes = ({ calls }: Pick<Program, 'calls'>): number =>
  Math.ceil((CONTEXT_OBJECTS + calls.length) / 2) * 16;

/** Contexts in memory of the program. */
const contextText = (prefix: string): ContextText => ({
  declare: (name) =>
    `static alignas(16) unsigned char ${name}_memory[${prefix.toUpperCase()}_CONTEXT_BYTES];`,
  open: (name) => `${prefix}_init(${name}_memory, weights)`,
  failure: `${prefix}_failure()`,
  close: (name) => `${prefix}_release(${name})`,
});

/**
 * A whole model as a project that builds: kernels in OpenCL C 1.2, a host in C11 with the functions that the C of other targets has,
 * the weights, a `CMakeLists.txt`, a self-test, a benchmark, and a README that says how to use them.
 *
 * @param program - A graph lowered for work-items, see `lowerGraph`.
 * @param capabilities - What the code may use, and how multiply-adds are rounded.
 * @param samples - Consecutive steps from the first states on, with the outputs that 32-bit floats and separate rounding give; at
 * least one. Strict code has to give their bits, unless it computes with 16-bit floats.
 * @throws TypeError when a sample lacks an input or output, or has another number of values, or the program has no grids.
 */
export function renderProject(
  program: Program,
  capabilities: OpenclCapabilities,
  samples: readonly SampleStep[],
  options: ProjectOptions = {},
): ProjectFiles {
  const prefix = identifier(options.prefix ?? 'model');
  const { weights = 'c' } = options;
  const parameters = portParameters(program);
  const isRecurrent = program.states.length > 0;
  const isStrict = capabilities.multiplyAdd === 'separate';
  const hasHalves = program.element === 'f16';
  const tolerance = sampleTolerance(hasHalves, isStrict);
  const layout = programLayout(program, capabilities);
  const kernels = program.calls.map(({ kernel }) => kernel);
  const source = renderSource(kernels, capabilities, layout.isInPlace);
  const sourceBytes = new TextEncoder().encode(source);
  const facts = {
    ...{ prefix, parameters, isRecurrent, weights, samples, tolerance },
    usefulMultiplyAdds: usefulMultiplyAdds(program),
    context: contextText(prefix),
  };
  const sizes = {
    contextBytes: hostBytes(program),
    deviceBytes: layout.contextBytes,
    weightBytes: layout.weights.length,
  };
  const header = `${prefix}.h`;
  return new Map<string, string | Uint8Array>([
    [header, renderHeader(program, { prefix, parameters, ...sizes, hasWeightArray: weights === 'c' })],
    [
      `${prefix}.c`,
      renderHost(program, { prefix, parameters, layout, sourceBytes: sourceBytes.length, isStrict }),
    ],
    [`${prefix}_kernels.cl`, source],
    [`${prefix}_kernels.c`, renderBytes(`${prefix}_kernels`, header, sourceBytes)],
    weights === 'c'
      ? [`${prefix}_weights.c`, renderBytes(`${prefix}_weights`, header, layout.weights)]
      : [`${prefix}_weights.bin`, layout.weights],
    ...renderSamples(facts),
    [`${prefix}_test.c`, renderSelfTest(facts)],
    [`${prefix}_benchmark.c`, renderBenchmark(facts)],
    ['CMakeLists.txt', renderCmakeLists(prefix, weights)],
    [
      'README.md',
      renderReadMe({
        ...{ prefix, parameters, isRecurrent, weights, tolerance, isStrict, hasHalves, ...sizes },
        device: capabilities.device,
        model: program.model,
        ...(options.origin !== undefined && { origin: options.origin }),
      }),
    ],
  ]);
}
