import { elementCount, type Port } from '@grim/ir';
import type { Program } from '@grim/kernels';

import { renderProgram, type NeonCapabilities } from '../../src/index.ts';
import { runEmulated } from './cross-compilers.ts';

/** Floats of all ports. */
const countOf = (ports: readonly Port[]): number =>
  ports.reduce((sum, { shape }) => sum + elementCount(shape), 0);

/** Pointers to where the values of ports start in an array of them all. */
function pointers(array: string, ports: readonly Port[]): string[] {
  return ports.map((_, index) => `${array} + ${String(countOf(ports.slice(0, index)))}`);
}

/**
 * Compiles a program to C and runs it under emulation: two contexts side by side, the second of them with its inputs negated, so that
 * contexts which share anything show, then the first again after a reset.
 *
 * @param runs - Values of all inputs, one after another, for each run.
 * @param moreFiles - Other files that are compiled and linked, by name.
 * @returns The outputs of every run of the first context; those after the reset follow.
 */
export async function runProgramEmulated(
  program: Program,
  compiler: readonly string[],
  flags: readonly string[],
  capabilities: NeonCapabilities,
  runs: readonly Float32Array[],
  moreFiles: Readonly<Record<string, string>> = {},
): Promise<Float32Array> {
  const files = renderProgram(program, capabilities);
  const inputs = countOf(program.inputs);
  const outputs = countOf(program.outputs);
  const operands = [...pointers('in', program.inputs), ...pointers('out', program.outputs)];
  const isRecurrent = program.states.length > 0;
  const run = isRecurrent ? 'model_step' : 'model_run';
  const call = (context: string): string => `${run}(${[context, ...operands].join(', ')});`;
  const main = `#include "model.h"

#include <stdio.h>
#include <stdlib.h>

static float in[${String(inputs)}];
static float out[${String(outputs)}];

int main(void) {
  model_context *first = model_init(aligned_alloc(16, MODEL_CONTEXT_BYTES), model_weights);
  model_context *second = model_init(aligned_alloc(16, MODEL_CONTEXT_BYTES), model_weights);
  if (first == NULL || second == NULL || model_init(NULL, model_weights) != NULL) return 2;
  while (fread(in, sizeof(float), ${String(inputs)}, stdin) == ${String(inputs)}) {
    ${call('first')}
    fwrite(out, sizeof(float), ${String(outputs)}, stdout);
    for (int index = 0; index < ${String(inputs)}; index++) in[index] = -in[index];
    ${call('second')}
  }
  rewind(stdin);
${isRecurrent ? '  model_reset(first);\n' : ''}  while (fread(in, sizeof(float), ${String(inputs)}, stdin) == ${String(inputs)}) {
    ${call('first')}
    fwrite(out, sizeof(float), ${String(outputs)}, stdout);
  }
  free(first);
  free(second);
  return 0;
}
`;
  const input = new Uint8Array(Float32Array.from(runs.flatMap((run) => [...run])).buffer);
  const output = await runEmulated(
    compiler,
    flags,
    { ...Object.fromEntries(files), ...moreFiles, 'main.c': main },
    input,
  );
  return new Float32Array(output.buffer);
}
