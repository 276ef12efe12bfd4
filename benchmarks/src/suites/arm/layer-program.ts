import { identifier } from '@grim/codegen-c';
import { renderSource, type NeonCapabilities } from '@grim/codegen-neon';
import { elementCount } from '@grim/ir';
import type { Program, ProgramCall } from '@grim/kernels';

/** A C program that runs the calls of a lowered graph. */
export interface LayerProgram {
  readonly source: string;
  /**
   * What it reads from standard input.
   *
   * @param again - How often the counted calls run after the first time.
   */
  readonly input: (again: number) => Uint8Array;
}

/** Whether a call is the layer's: copies put the input where it has zeros around it, as the layer before does in a network. */
export const isCounted = ({ path }: Pick<ProgramCall, 'path'>): boolean => path !== 'copy';

/** A call through a pointer that compilers cannot follow, so that every kernel stays a function of its own. */
function renderCall({ kernel, addresses }: ProgramCall): string {
  const types = addresses.map(() => 'void *').join(', ');
  const operands = addresses.map((address) => `memory + ${String(address)}`).join(', ');
  return `{ void (*volatile entry)(${types}) = (void (*)(${types}))${identifier(kernel.name)}; entry(${operands}); }`;
}

/**
 * Writes a program that reads how often to run again, then the memory; runs all calls once; writes the outputs; and runs the counted
 * calls again. What one run of them executes is the difference between two runs of the program.
 *
 * @param values - Values of the inputs by name.
 */
export function layerProgram(
  program: Program,
  capabilities: NeonCapabilities,
  values: ReadonlyMap<string, Float32Array>,
): LayerProgram {
  const memory = new Uint8Array(Math.ceil(program.memoryBytes / 16) * 16 + 16);
  memory.set(program.image, program.imageOffset);
  for (const { name, offset } of program.inputs) {
    const own = values.get(name);
    if (own) memory.set(new Uint8Array(own.buffer, own.byteOffset, own.byteLength), offset);
  }
  const outputs = program.outputs.map(({ shape, offset }) => {
    const bytes = String(elementCount(shape) * 4);
    return `  if (fwrite(memory + ${String(offset)}, 1, ${bytes}, stdout) != ${bytes}) return 3;`;
  });
  const source = [
    '#include <stdio.h>',
    renderSource(
      program.calls.map(({ kernel }) => kernel),
      capabilities,
    ),
    `static _Alignas(64) unsigned char memory[${String(memory.length)}];`,
    '',
    'int main(void) {',
    '  int32_t again;',
    '  if (fread(&again, sizeof again, 1, stdin) != 1) return 1;',
    '  if (fread(memory, 1, sizeof memory, stdin) != sizeof memory) return 2;',
    ...program.calls.map((call) => `  ${renderCall(call)}`),
    ...outputs,
    '  while (again-- > 0) {',
    ...program.calls.filter(isCounted).map((call) => `    ${renderCall(call)}`),
    '  }',
    '  return 0;',
    '}',
    '',
  ].join('\n');
  return {
    source,
    input: (again) => {
      const input = new Uint8Array(4 + memory.length);
      new DataView(input.buffer).setInt32(0, again, true);
      input.set(memory, 4);
      return input;
    },
  };
}
