import type { Kernel } from '@grim/kernels';

/** Bytes between buffers, so that what is written there shows. */
const GAP_BYTES = 64;

/** Buffers of a kernel in one memory, and the address of each. */
export function placeBuffers(
  kernel: Kernel,
  buffers: Readonly<Record<string, ArrayBufferView>>,
): { memory: Uint8Array; addresses: number[] } {
  let end = GAP_BYTES;
  const addresses = kernel.buffers.map(({ name }) => {
    const address = end;
    end = Math.ceil((end + (buffers[name]?.byteLength ?? 0) + GAP_BYTES) / 16) * 16;
    return address;
  });
  const memory = new Uint8Array(end);
  kernel.buffers.forEach(({ name }, index) => {
    const view = buffers[name];
    if (view) memory.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), addresses[index]);
  });
  return { memory, addresses };
}
