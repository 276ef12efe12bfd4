import type { Kernel, StagedBuffer } from '../kernel-ir/types.ts';
import { distanceOfGroup, reachOfGroup, type Moves } from './moves.ts';

/** The code of one work-item and what it reads. */
interface Unit {
  readonly kernel: Kernel;
  readonly reads: Readonly<Record<string, number>>;
  readonly moves: Moves;
}

/** Bytes of local memory that a copy takes: whole vectors, and one that may be loaded beyond the last. */
export const stagedBytes = (bytes: number): number => Math.ceil(bytes / 16) * 16 + 16;

/**
 * What a work-group copies into its memory before it computes.
 *
 * @throws RangeError for a buffer of which it is not known what the work-items of a group read.
 */
export function stagedBuffers(
  { kernel, reads, moves }: Unit,
  names: readonly string[],
  bytesOf: (buffer: string) => number | undefined,
): StagedBuffer[] {
  return names.map((buffer): StagedBuffer => {
    const access = kernel.buffers.find(({ name }) => name === buffer)?.access;
    if (access !== 'read') throw new RangeError(`${buffer} is not only read: it cannot be in local memory`);
    const ofBuffer = moves.get(buffer) ?? [];
    const available = bytesOf(buffer);
    // What does not move on may be copied as a whole.
    const bytes = reads[buffer] ?? (ofBuffer.length === 0 ? available : undefined);
    const reach = reachOfGroup(ofBuffer);
    if (bytes === undefined || reach === undefined || available === undefined) {
      throw new RangeError(
        `how much of ${buffer} a work-group reads is not known: it cannot be in local memory`,
      );
    }
    return {
      buffer,
      origin: distanceOfGroup(ofBuffer),
      bytes: Math.min(bytes + reach, available),
      available,
    };
  });
}
