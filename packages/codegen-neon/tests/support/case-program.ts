import type { Kernel, KernelCase } from '@grim/kernels';

import { identifier, renderSource, type NeonCapabilities } from '../../src/index.ts';
import { placeBuffers } from './place-buffers.ts';

/**
 * Reads cases from standard input, runs the kernel of each on its memory and writes the memory to standard output. Where accesses are
 * watched, every buffer is an allocation of its own: kernels may read whole vectors that start in it, and write nothing beside it.
 */
const main = `
#ifdef __SANITIZE_ADDRESS__
enum { READ_AHEAD = 14 };

static unsigned char *open_buffer(unsigned char *part, uint32_t length) {
  unsigned char *buffer = malloc(length + READ_AHEAD);
  if (buffer == NULL) exit(3);
  return memcpy(buffer, part, length + READ_AHEAD);
}

static void close_buffer(unsigned char *part, unsigned char *buffer, uint32_t length) {
  memcpy(part, buffer, length + READ_AHEAD);
  free(buffer);
}
#else
static unsigned char *open_buffer(unsigned char *part, uint32_t length) {
  (void)length;
  return part;
}

static void close_buffer(unsigned char *part, unsigned char *buffer, uint32_t length) {
  (void)part;
  (void)buffer;
  (void)length;
}
#endif

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
    uint32_t lengths[16];
    for (uint32_t buffer = 0; buffer < buffers; buffer++) {
      addresses[buffer] = read_word();
      lengths[buffer] = read_word();
    }
    unsigned char *memory = malloc(bytes);
    if (memory == NULL || fread(memory, 1, bytes, stdin) != bytes) return 3;
    unsigned char *parts[16];
    for (uint32_t buffer = 0; buffer < buffers; buffer++) {
      parts[buffer] = open_buffer(memory + addresses[buffer], lengths[buffer]);
    }
    run_kernel(kernel, parts);
    for (uint32_t buffer = 0; buffer < buffers; buffer++) {
      close_buffer(memory + addresses[buffer], parts[buffer], lengths[buffer]);
    }
    if (fwrite(memory, 1, bytes, stdout) != bytes) return 4;
    free(memory);
  }
  return 0;
}
`;

/** A kernel and what it is given. */
type RunnableCase = Pick<KernelCase, 'buffers' | 'kernel'>;

/** The distinct kernels of cases, by name. */
const kernelsOf = (cases: readonly RunnableCase[]): Map<string, Kernel> =>
  new Map(cases.map(({ kernel }) => [kernel.name, kernel]));

/** A C program that runs the kernels of cases on what {@link caseInput} says. */
export function caseProgram(cases: readonly RunnableCase[], capabilities: NeonCapabilities): string {
  const kernels = [...kernelsOf(cases).values()];
  const calls = kernels.map(({ name, buffers }, index) => {
    const operands = buffers.map((_, buffer) => `buffers[${String(buffer)}]`).join(', ');
    return `    case ${String(index)}: ${identifier(name)}(${operands}); break;`;
  });
  return [
    '#include <stdio.h>',
    '#include <stdlib.h>',
    renderSource(kernels, capabilities),
    'static void run_kernel(uint32_t kernel, unsigned char *const *buffers) {',
    '  switch (kernel) {',
    ...calls,
    '    default: exit(5);',
    '  }',
    '}',
    main,
  ].join('\n');
}

/** What a program of cases reads: for each its kernel, its buffers and its memory. */
export function caseInput(cases: readonly RunnableCase[]): Uint8Array {
  const names = [...kernelsOf(cases).keys()];
  const words = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);
  return Buffer.concat([
    words(cases.length),
    ...cases.flatMap(({ kernel, buffers }) => {
      const { memory, addresses } = placeBuffers(kernel, buffers);
      const places = kernel.buffers.flatMap(({ name }, index) => [
        addresses[index] ?? 0,
        buffers[name]?.byteLength ?? 0,
      ]);
      return [words(names.indexOf(kernel.name), addresses.length, memory.length, ...places), memory];
    }),
  ]);
}
