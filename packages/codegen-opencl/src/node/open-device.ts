import { GrimError } from '@grim/ir';
import type { Kernel } from '@grim/kernels';

import { functionName } from '../function-name.ts';
import { globalSize, groupSize } from '../render-kernel.ts';
import { check, create, information, type Handle } from './calls.ts';
import { findDevices, type OpenclDeviceInformation } from './find-devices.ts';
import { openclLibrary } from './opencl-library.ts';

/** Memory of a device. */
export interface DeviceMemory {
  readonly bytes: number;
  /** Copies bytes to it; complete when the call returns. */
  readonly write: (contents: ArrayBufferView, offset?: number) => void;
  /** Copies bytes from it, after everything that was started before. */
  readonly read: (target: ArrayBufferView, offset?: number) => void;
  readonly release: () => void;
}

/** Where an argument of a kernel begins. */
export interface DeviceArgument {
  readonly memory: DeviceMemory;
  /** Byte of the memory that address 0 of the buffer means. */
  readonly offset: number;
}

/** Kernels that were compiled for a device. */
export interface DeviceProgram {
  /**
   * Starts a kernel.
   *
   * @param buffers - An argument per buffer parameter, in order.
   */
  readonly launch: (kernel: Kernel, buffers: readonly DeviceArgument[]) => void;
  /** As `launch`, but waits for the end and returns how many nanoseconds the device computed. */
  readonly time: (kernel: Kernel, buffers: readonly DeviceArgument[]) => number;
  readonly release: () => void;
}

/** A device that memory and kernels can be made for. */
export interface OpenclDevice extends Omit<OpenclDeviceInformation, 'handle'> {
  /**
   * Memory with contents, or of that many bytes, which are zero.
   *
   * @throws GrimError where the device has not so much.
   */
  readonly allocate: (contents: ArrayBufferView | number) => DeviceMemory;
  /**
   * Compiles OpenCL C.
   *
   * @throws GrimError with what the compiler says.
   */
  readonly compile: (source: string) => DeviceProgram;
  /** Waits for everything that was started. */
  readonly finish: () => void;
  /** Gives everything back; nothing made from the device may be used afterwards. */
  readonly close: () => void;
}

const READ_WRITE = 1n;
const READ_ONLY = 4n;
const COPY_HOST = 32n;
const PROFILING = 2n;
const BUILD_LOG = 0x1183;
const IMAGE_1D_BUFFER = 0x10f6;
const RGBA = 0x10b5;
const SIGNED_INT32 = 0x10d9;
const COMMAND_START = 0x1282;
const COMMAND_END = 0x1283;

/** Vectors may be loaded this far beyond the last element. */
const SLACK_BYTES = 16;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

interface OwnMemory extends DeviceMemory {
  readonly handle: Handle;
  /** An image over all of it, of pixels of four words. */
  readonly image: () => Handle;
}

/** The words of `cl_image_desc` that are not zero. */
function imageDescription(pixels: number, memory: Handle): Uint8Array {
  const view = new DataView(new ArrayBuffer(72));
  view.setUint32(0, IMAGE_1D_BUFFER, true);
  view.setBigUint64(8, BigInt(pixels), true);
  view.setBigUint64(64, memory, true);
  return new Uint8Array(view.buffer);
}

/** What a compiler says, on one line. */
function buildLog(program: Handle, device: Handle): string {
  const bytes = information('clGetProgramBuildInfo', program, device, BUILD_LOG);
  const lines = new TextDecoder().decode(bytes).replaceAll('\0', '').split('\n');
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, 4)
    .join(' · ');
}

/**
 * Opens a device of this machine.
 *
 * @param name - A part of its name; the first device without one.
 * @throws GrimError where there is no OpenCL, or no such device.
 */
export function openDevice(name = ''): OpenclDevice {
  const devices = findDevices();
  const found = devices.find((device) => device.name.includes(name));
  if (!found) {
    const others = devices.map((device) => device.name).join(', ');
    throw new GrimError(
      devices.length === 0
        ? 'OpenCL is installed, but there is no device; install a driver, such as pocl-opencl-icd on Debian'
        : `there is no OpenCL device named ${name}; there are ${others}`,
    );
  }
  const { handle: device, ...information } = found;
  const context = create('clCreateContext', null, 1, new BigUint64Array([device]), null, null);
  const queue = create('clCreateCommandQueue', context, device, PROFILING);
  const memories = new Map<DeviceMemory, OwnMemory>();
  const programs = new Set<DeviceProgram>();

  const allocate = (contents: ArrayBufferView | number): DeviceMemory => {
    const bytes = typeof contents === 'number' ? contents : contents.byteLength;
    const padded = new Uint8Array(Math.ceil(bytes / 16) * 16 + SLACK_BYTES);
    if (typeof contents !== 'number') padded.set(bytesOf(contents));
    const handle = create('clCreateBuffer', context, READ_WRITE | COPY_HOST, padded.length, padded);
    let image: Handle | undefined;
    const memory: OwnMemory = {
      bytes,
      handle,
      image: () =>
        (image ??= create(
          'clCreateImage',
          context,
          READ_ONLY,
          new Uint32Array([RGBA, SIGNED_INT32]),
          imageDescription(padded.length / 16, handle),
          null,
        )),
      write: (from, offset = 0) => {
        if (from.byteLength === 0) return;
        check(
          'clEnqueueWriteBuffer',
          queue,
          handle,
          1,
          offset,
          from.byteLength,
          bytesOf(from),
          0,
          null,
          null,
        );
      },
      read: (target, offset = 0) => {
        // OpenCL refuses to copy nothing.
        if (target.byteLength === 0) return;
        check(
          'clEnqueueReadBuffer',
          queue,
          handle,
          1,
          offset,
          target.byteLength,
          bytesOf(target),
          0,
          null,
          null,
        );
      },
      release: () => {
        if (!memories.delete(memory)) return;
        if (image !== undefined) check('clReleaseMemObject', image);
        check('clReleaseMemObject', handle);
      },
    };
    memories.set(memory, memory);
    return memory;
  };

  const compile = (source: string): DeviceProgram => {
    const program = create('clCreateProgramWithSource', context, 1, [source], null);
    const flags = found.roundsCorrectly ? '-cl-fp32-correctly-rounded-divide-sqrt' : '';
    const options = `-cl-std=CL1.2 ${flags}`;
    const status = openclLibrary().clBuildProgram(
      program,
      1,
      new BigUint64Array([device]),
      options,
      null,
      null,
    );
    if (status !== 0) throw new GrimError(`OpenCL cannot compile the kernels: ${buildLog(program, device)}`);
    const kernels = new Map<string, Handle>();
    const kernelOf = (kernel: Kernel): Handle => {
      const wanted = functionName(kernel);
      let made = kernels.get(wanted);
      if (made === undefined) kernels.set(wanted, (made = create('clCreateKernel', program, wanted)));
      return made;
    };
    const start = (
      kernel: Kernel,
      buffers: readonly DeviceArgument[],
      event: BigUint64Array | null,
    ): void => {
      const handle = kernelOf(kernel);
      const { grid } = kernel;
      if (!grid) throw new TypeError(`${kernel.name} has no grid`);
      kernel.buffers.forEach((parameter, index) => {
        const argument = buffers[index];
        const own = argument && memories.get(argument.memory);
        if (!own) throw new TypeError(`${kernel.name} is given no memory for ${parameter.name}`);
        const object = grid.images.includes(parameter.name) ? own.image() : own.handle;
        check('clSetKernelArg', handle, 2 * index, 8, new BigUint64Array([object]));
        check('clSetKernelArg', handle, 2 * index + 1, 4, new Int32Array([argument.offset]));
      });
      const sizes = (values: readonly number[]): BigUint64Array => BigUint64Array.from(values, BigInt);
      const [all, group] = [sizes(globalSize(grid)), sizes(groupSize(grid))];
      check('clEnqueueNDRangeKernel', queue, handle, 3, null, all, group, 0, null, event);
    };
    const result: DeviceProgram = {
      launch: (kernel, buffers) => {
        start(kernel, buffers, null);
      },
      time: (kernel, buffers) => {
        const event = new BigUint64Array(1);
        start(kernel, buffers, event);
        check('clFinish', queue);
        const [begin, end] = [COMMAND_START, COMMAND_END].map((moment) => {
          const nanoseconds = new BigUint64Array(1);
          check('clGetEventProfilingInfo', event[0], moment, 8, nanoseconds, null);
          return nanoseconds[0] ?? 0n;
        });
        check('clReleaseEvent', event[0]);
        return Number((end ?? 0n) - (begin ?? 0n));
      },
      release: () => {
        if (!programs.delete(result)) return;
        for (const made of kernels.values()) check('clReleaseKernel', made);
        check('clReleaseProgram', program);
      },
    };
    programs.add(result);
    return result;
  };

  return {
    ...information,
    allocate,
    compile,
    finish: () => {
      check('clFinish', queue);
    },
    close: () => {
      check('clFinish', queue);
      for (const program of [...programs]) program.release();
      for (const memory of [...memories.values()]) memory.release();
      check('clReleaseCommandQueue', queue);
      check('clReleaseContext', context);
    },
  };
}
