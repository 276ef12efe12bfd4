import type { Program, ProgramCall } from '../lowering/program.ts';
import { ByteSet } from './byte-set.ts';
import type { ReadInteger } from './footprint.ts';
import type { CallEstimate, Traffic } from './kernel-estimate.ts';
import { walkKernel } from './walk-kernel.ts';

/** The sums of some buffers, with bytes that several of them touch counted once. */
interface MemoryTotals {
  loadedBytes: number;
  storedBytes: number;
  readonly touched: ByteSet;
}

const nothing = (): MemoryTotals => ({ loadedBytes: 0, storedBytes: 0, touched: new ByteSet() });

const trafficOf = ({ loadedBytes, storedBytes, touched }: MemoryTotals): Traffic => ({
  loadedBytes,
  storedBytes,
  touchedBytes: touched.size,
});

function estimateCall({ image, imageOffset }: Program, { kernel, addresses }: ProgramCall): CallEstimate {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const addressOf = new Map(kernel.buffers.map(({ name }, index) => [name, addresses[index] ?? 0]));
  const read: ReadInteger = ({ buffer, bytes }, address) => {
    const place = (addressOf.get(buffer) ?? 0) + address - imageOffset;
    return bytes === 4 ? view.getInt32(place, true) : view.getUint16(place, true);
  };
  const walk = walkKernel(kernel, read);
  const constants = nothing();
  const arena = nothing();
  for (const [name, address] of addressOf) {
    const place = address - imageOffset;
    const memory = place >= 0 && place < image.byteLength ? constants : arena;
    memory.loadedBytes += walk.loadedBytes.get(name) ?? 0;
    memory.storedBytes += walk.storedBytes.get(name) ?? 0;
    walk.footprint.touched(name).forEachRun((first, bytes) => {
      memory.touched.add(address + first, bytes);
    });
  }
  const { multiplyAdds, otherOperations, transcendentals } = walk;
  return {
    multiplyAdds,
    otherOperations,
    transcendentals,
    constants: trafficOf(constants),
    arena: trafficOf(arena),
  };
}

/**
 * Counts what every call of a program does, without running it: operations, bytes of constants and bytes of everything else.
 *
 * @param program - A lowered graph; numbers of columns and offsets of sparse layers are read from its image.
 * @returns One estimate per call, in the order of `program.calls`.
 */
export function estimateProgram(program: Program): CallEstimate[] {
  return program.calls.map((call) => estimateCall(program, call));
}
