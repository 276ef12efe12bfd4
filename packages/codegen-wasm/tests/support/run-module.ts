import { elementCount, type Port } from '@grim/ir';
import type { Program } from '@grim/kernels';

import { assemble } from '../../src/assemble.ts';
import { renderModule } from '../../src/render-module.ts';

/** A program as a WebAssembly instance with its memory, without the runtime package. */
export async function instantiate(program: Program): Promise<{
  run: (inputs: Readonly<Record<string, Float32Array>>) => Record<string, Float32Array>;
  states: () => Record<string, Float32Array>;
}> {
  const pages = Math.ceil(program.memoryBytes / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  new Uint8Array(memory.buffer).set(program.image, program.imageOffset);
  const module = new WebAssembly.Module((await assemble(renderModule(program))) as BufferSource);
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const run = instance.exports['run'] as () => void;
  const floats = (port: Port): Float32Array =>
    new Float32Array(memory.buffer, port.offset, elementCount(port.shape));
  const copies = (ports: readonly Port[]): Record<string, Float32Array> =>
    Object.fromEntries(ports.map((port) => [port.name, floats(port).slice()]));
  for (const state of program.states) if (state.initial) floats(state).set(state.initial);
  return {
    run: (inputs) => {
      for (const port of program.inputs) floats(port).set(inputs[port.name] ?? []);
      run();
      return copies(program.outputs);
    },
    states: () => copies(program.states),
  };
}
