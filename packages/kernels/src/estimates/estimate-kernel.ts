import type { Kernel } from '../kernel-ir/types.ts';
import type { BufferContents } from '../registry/kernel-case.ts';
import type { ReadInteger } from './footprint.ts';
import type { KernelEstimate, Traffic } from './kernel-estimate.ts';
import { walkKernel } from './walk-kernel.ts';

/**
 * Counts what one call of a kernel does, from its loops and without running it: operations, and bytes by buffer. The counts
 * are exact for the kernel IR; a target may do more (moves of registers to the stack) or less (loads that it shares).
 *
 * @param kernel - The kernel.
 * @param contents - What those buffers hold that numbers of columns and offsets are read from: indices and streams. Others
 *   may be left out.
 * @throws RangeError naming the buffer when one is needed and missing, or too short.
 */
export function estimateKernel(
  kernel: Kernel,
  contents: Readonly<Record<string, BufferContents>> = {},
): KernelEstimate {
  const views = new Map(
    Object.entries(contents).map(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      new DataView(buffer, byteOffset, byteLength),
    ]),
  );
  const read: ReadInteger = ({ buffer, bytes }, address) => {
    const view = views.get(buffer);
    if (!view) throw new RangeError(`kernel ${kernel.name}: what ${buffer} holds has to be known`);
    return bytes === 4 ? view.getInt32(address, true) : view.getUint16(address, true);
  };
  const { multiplyAdds, otherOperations, transcendentals, loadedBytes, storedBytes, footprint } = walkKernel(
    kernel,
    read,
  );
  const traffic = (name: string): Traffic => ({
    loadedBytes: loadedBytes.get(name) ?? 0,
    storedBytes: storedBytes.get(name) ?? 0,
    touchedBytes: footprint.touched(name).size,
  });
  return {
    multiplyAdds,
    otherOperations,
    transcendentals,
    buffers: Object.fromEntries(kernel.buffers.map(({ name }) => [name, traffic(name)])),
  };
}
