import type { Kernel, Program } from '@grim/kernels';

/** Names of the kernels that some call gives one piece of memory twice and that write to it. */
export function kernelsInPlace({ calls, buffers }: Program): Set<Kernel['name']> {
  const pieceAt = (address: number): string =>
    buffers
      .filter(({ offset, bytes }) => address >= offset && address < offset + bytes)
      .map(({ offset }) => String(offset))
      .join();
  return new Set(
    calls
      .filter(({ kernel, addresses }) => {
        const pieces = addresses.map(pieceAt);
        return kernel.buffers.some(
          ({ access }, index) =>
            access !== 'read' && pieces.some((piece, other) => other !== index && piece === pieces[index]),
        );
      })
      .map(({ kernel }) => kernel.name),
  );
}
