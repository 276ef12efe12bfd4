import { elementCount, type Port, type Tensor } from '@grim/ir';

import { interpretKernel, type InterpreterOptions } from '../kernel-ir/interpret.ts';
import type { Program } from './program.ts';

/** A program whose kernels are interpreted: the reference that emitted modules are compared with. */
export interface ProgramInterpreter {
  /** Runs every call once; recurrent states carry over to the next run. */
  readonly run: (inputs: Readonly<Record<string, Float32Array>>) => Record<string, Tensor>;
  /** Copies of the states by name. */
  readonly states: () => Record<string, Tensor>;
}

/**
 * Prepares memory as a runtime would and interprets a program's kernels on it.
 *
 * @param program - A lowered graph; needs `program.memoryBytes` bytes here.
 * @param options - How its kernels are interpreted, and what operators of a user's own compute.
 */
export function interpretProgram(program: Program, options: InterpreterOptions = {}): ProgramInterpreter {
  const memory = new Uint8Array(program.memoryBytes);
  memory.set(program.image, program.imageOffset);
  const floats = (port: Port): Float32Array =>
    new Float32Array(memory.buffer, port.offset, elementCount(port.shape));
  const copy = (port: Port): Tensor => ({ shape: port.shape, data: floats(port).slice() });
  for (const state of program.states) if (state.initial) floats(state).set(state.initial);

  return {
    run: (inputs) => {
      for (const port of program.inputs) {
        const values = inputs[port.name];
        if (!values) throw new RangeError(`input ${port.name} is missing`);
        floats(port).set(values);
      }
      for (const { kernel, addresses } of program.calls) {
        const buffers = Object.fromEntries(
          kernel.buffers.map(({ name }, index) => [name, { memory, offset: addresses[index] ?? 0 }]),
        );
        interpretKernel(kernel, buffers, options);
      }
      return Object.fromEntries(program.outputs.map((port) => [port.name, copy(port)]));
    },
    states: () => Object.fromEntries(program.states.map((port) => [port.name, copy(port)])),
  };
}
