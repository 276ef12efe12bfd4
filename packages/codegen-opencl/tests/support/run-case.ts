import { expect } from 'vitest';

import {
  interpretKernel,
  startsBuffer,
  type BufferPointer,
  type GridKernel,
  type KernelCase,
} from '@grim/kernels';

import type { DeviceProgram, OpenclDevice } from '../../src/node.ts';

/** A case and how work-items share its kernel. */
export interface GridCase {
  readonly tested: KernelCase;
  readonly grid: GridKernel;
}

/** Bytes before and after every buffer, so that what is written there shows. */
const GAP_BYTES = 64;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** What a case's buffers hold before the call, with the table of starts. */
function contentsOf({ tested, grid }: GridCase): Readonly<Record<string, Uint8Array>> {
  const contents = Object.entries(tested.buffers).map(([name, values]) => [name, bytesOf(values)] as const);
  const views = contents.map(([name, bytes]): [string, DataView] => [
    name,
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ]);
  const starts = grid.starts?.table(Object.fromEntries(views));
  return Object.fromEntries([...contents, ...(starts ? [[startsBuffer, bytesOf(starts)] as const] : [])]);
}

/** A buffer between gaps. */
function withGaps(contents: Uint8Array): Uint8Array {
  const memory = new Uint8Array(contents.length + 2 * GAP_BYTES).fill(0xa5);
  memory.set(contents, GAP_BYTES);
  return memory;
}

const memoriesOf = (gridCase: GridCase): Uint8Array[] => {
  const contents = contentsOf(gridCase);
  return gridCase.grid.kernel.buffers.map(({ name }) => withGaps(contents[name] ?? new Uint8Array()));
};

/** The memory of each buffer after the device has executed the kernel, gaps included. */
export function runOnDevice(device: OpenclDevice, program: DeviceProgram, gridCase: GridCase): Uint8Array[] {
  const memories = memoriesOf(gridCase);
  const onDevice = memories.map((memory) => device.allocate(memory));
  program.launch(
    gridCase.grid.kernel,
    onDevice.map((memory) => ({ memory, offset: GAP_BYTES })),
  );
  memories.forEach((memory, index) => {
    onDevice[index]?.read(memory);
    onDevice[index]?.release();
  });
  return memories;
}

/** The memory of each buffer after the kernel was interpreted, one work-item after another. */
export function runInterpreted(gridCase: GridCase): Uint8Array[] {
  const { kernel } = gridCase.grid;
  const memories = memoriesOf(gridCase);
  const pointers: Record<string, BufferPointer> = {};
  kernel.buffers.forEach(({ name }, index) => {
    pointers[name] = { memory: memories[index] ?? new Uint8Array(), offset: GAP_BYTES };
  });
  interpretKernel(kernel, pointers);
  return memories;
}

/** Fails where the device wrote other bytes than the interpreter. */
export function expectSameBytes(gridCase: GridCase, actual: readonly Uint8Array[]): void {
  const expected = runInterpreted(gridCase);
  const { kernel } = gridCase.grid;
  kernel.buffers.forEach(({ name }, index) => {
    const difference = actual[index]?.findIndex((byte, at) => byte !== expected[index]?.[at]);
    expect(difference, `${gridCase.tested.name} (${kernel.name}): first differing byte of ${name}`).toBe(-1);
  });
}

/** Fails where the device is further from the family's definition than `tolerance`, relative to the larger of 1 and the value. */
export function expectClose(
  { tested, grid }: GridCase,
  actual: readonly Uint8Array[],
  tolerance: number,
): void {
  grid.kernel.buffers.forEach(({ name }, index) => {
    const values = tested.expected[name];
    if (!values) return;
    const floats = new Float32Array((actual[index] ?? new Uint8Array()).slice(GAP_BYTES, -GAP_BYTES).buffer);
    values.forEach((value, at) => {
      // NaN stands where anything may be written.
      if (Number.isNaN(value) || floats[at] === value) return;
      const difference = Math.abs((floats[at] ?? NaN) - value) / Math.max(1, Math.abs(value));
      if (difference < tolerance) return;
      expect.fail(
        `${tested.name} (${grid.kernel.name}): ${name}[${at}] is ${floats[at] ?? NaN}, expected ${value}`,
      );
    });
  });
}
