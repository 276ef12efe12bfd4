import { elementCount, GrimError, type Port } from '@grim/ir';
import type { Program } from '@grim/kernels';

import type { OpenclCapabilities } from '../capabilities.ts';
import { programLayout } from '../program-layout.ts';
import { renderSource } from '../render-source.ts';
import type { DeviceMemory, OpenclDevice } from './open-device.ts';

/** A model on a device, with states of its own. */
export interface DeviceModel {
  /**
   * Runs the model once; states carry over to the next run.
   *
   * @param inputs - Values by name, row-major, as many as the shape says.
   * @returns Values of every output by name, row-major.
   * @throws GrimError for an input that is absent or has another number of values.
   */
  readonly run: (inputs: Readonly<Record<string, Float32Array>>) => Record<string, Float32Array>;
  /** Nanoseconds that the device computes in one run, from its own clock, with the inputs and states as they are. */
  readonly time: () => number;
  /** Sets the states to what they were before the first run. */
  readonly reset: () => void;
  readonly release: () => void;
}

/**
 * Compiles a program for a device and puts its weights there.
 *
 * @param program - A graph lowered for work-items, see `lowerGraph`.
 * @param capabilities - What the code may use and how multiply-adds are rounded; what the device has unless told.
 * @throws GrimError with what the compiler says, or where the device has too little memory.
 */
export function openProgram(
  device: OpenclDevice,
  program: Program,
  capabilities: OpenclCapabilities = device.capabilities,
): DeviceModel {
  const { inputs, outputs, states, calls } = program;
  const { weights, contextBytes, place, isInPlace } = programLayout(program, capabilities);
  const kernels = calls.map(({ kernel }) => kernel);
  const compiled = device.compile(renderSource(kernels, capabilities, isInPlace));
  const memories: Readonly<Record<'context' | 'weights', DeviceMemory>> = {
    weights: device.allocate(weights),
    context: device.allocate(contextBytes),
  };
  const write = ({ offset }: Port, values: Float32Array): void => {
    memories.context.write(values, place(offset).offset);
  };
  const launches = calls.map(({ kernel, addresses }) => ({
    kernel,
    buffers: addresses.map((address) => {
      const { memory, offset } = place(address);
      return { memory: memories[memory], offset };
    }),
  }));
  const reset = (): void => {
    for (const state of states) write(state, state.initial ?? new Float32Array(elementCount(state.shape)));
  };
  reset();
  return {
    run: (values) => {
      for (const input of inputs) {
        const given = values[input.name];
        const count = elementCount(input.shape);
        if (given?.length !== count) {
          throw new GrimError(
            `input ${input.name} has ${String(given?.length ?? 'no')} values, not ${String(count)}`,
          );
        }
        write(input, given);
      }
      for (const { kernel, buffers } of launches) compiled.launch(kernel, buffers);
      return Object.fromEntries(
        outputs.map(({ name, shape, offset }) => {
          const result = new Float32Array(elementCount(shape));
          memories.context.read(result, place(offset).offset);
          return [name, result];
        }),
      );
    },
    time: () => launches.reduce((sum, { kernel, buffers }) => sum + compiled.time(kernel, buffers), 0),
    reset,
    release: () => {
      compiled.release();
      memories.weights.release();
      memories.context.release();
    },
  };
}
