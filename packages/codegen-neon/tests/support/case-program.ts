import type { Kernel, KernelCase } from '@grim/kernels';

import { identifier, renderSource, type NeonCapabilities } from '../../src/index.ts';
import { placeBuffers } from './place-buffers.ts';

/** Reads cases from standard input, runs the kernel of each on its memory and writes the memory to standard output. */
const main = `
static uint32_t read_word(void) {
  uint32_t word = 0;
  if (fread(&word, sizeof word, 1, stdin) != 1) exit(2);
  return word;
}

int main(void) {
  for (uint32_t left = read_word(); left > 0; left--) {
    const uint32_t kernel = read_word();
    const uint32_t buffers = read_word();
    const uint32_t bytes = read_word();
    uint32_t addresses[16];
    for (uint32_t buffer = 0; buffer < buffers; buffer++) addresses[buffer] = read_word();
    unsigned char *memory = malloc(bytes);
    if (memory == NULL || fread(memory, 1, bytes, stdin) != bytes) return 3;
    run_kernel(kernel, memory, addresses);
    if (fwrite(memory, 1, bytes, stdout) != bytes) return 4;
    free(memory);
  }
  return 0;
}
`;

/** The distinct kernels of cases, by name. */
const kernelsOf = (cases: readonly KernelCase[]): Map<string, Kernel> =>
  new Map(cases.map(({ kernel }) => [kernel.name, kernel]));

/** A C program that runs the kernels of cases on what {@link caseInput} says. */
export function caseProgram(cases: readonly KernelCase[], capabilities: NeonCapabilities): string {
  const kernels = [...kernelsOf(cases).values()];
  const calls = kernels.map(({ name, buffers }, index) => {
    const operands = buffers.map((_, buffer) => `memory + addresses[${String(buffer)}]`).join(', ');
    return `    case ${String(index)}: ${identifier(name)}(${operands}); break;`;
  });
  return [
    '#include <stdio.h>',
    '#include <stdlib.h>',
    renderSource(kernels, capabilities),
    'static void run_kernel(uint32_t kernel, unsigned char *memory, const uint32_t *addresses) {',
    '  switch (kernel) {',
    ...calls,
    '    default: exit(5);',
    '  }',
    '}',
    main,
  ].join('\n');
}

/** What a program of cases reads: for each its kernel, its buffers and its memory. */
export function caseInput(cases: readonly KernelCase[]): Uint8Array {
  const names = [...kernelsOf(cases).keys()];
  const words = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);
  return Buffer.concat([
    words(cases.length),
    ...cases.flatMap(({ kernel, buffers }) => {
      const { memory, addresses } = placeBuffers(kernel, buffers);
      return [words(names.indexOf(kernel.name), addresses.length, memory.length, ...addresses), memory];
    }),
  ]);
}
