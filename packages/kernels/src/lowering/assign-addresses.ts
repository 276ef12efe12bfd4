import type { PendingCall } from './lowering-context.ts';
import type { Storage } from './view.ts';

/** Addresses of ports, constants and what else lives longer than a run are multiples of this many bytes, a vector. */
export const ALIGNMENT = 16;

/**
 * Addresses in the arena are multiples of two cache lines, the unit in which a core fetches what another one wrote: threads that
 * write neighbouring scratch areas must not wait for each other.
 */
const ARENA_ALIGNMENT = 128;

/** Vector loads may read this far past the last element of a storage. */
const GUARD_BYTES = 16;

/** Where every storage lies. */
export interface MemoryMap {
  readonly addresses: ReadonlyMap<Storage, number>;
  readonly imageOffset: number;
  readonly imageBytes: number;
  readonly memoryBytes: number;
}

/** How storages are placed. */
export interface PlacementOptions {
  /**
   * Bytes left free before and after every storage, a multiple of 16 (default 0). Storages then share no bytes, so that
   * these bands belong to nothing at any time: for tests of what kernels write.
   */
  readonly guardBytes?: number;
  /** Bytes at the start of memory that are left to others, such as code that is linked to the program's (default 0). */
  readonly reservedBytes?: number;
}

interface Lifetime {
  readonly storage: Storage;
  first: number;
  last: number;
}

const align = (address: number, multiple = ALIGNMENT): number => Math.ceil(address / multiple) * multiple;

/**
 * Places storages: the image first, then persistent ones, then the arena, in which storages whose lifetimes do not
 * overlap share bytes (largest first, each at the lowest address that is free while it lives).
 *
 * @param calls - The program in order; a storage lives from its first to its last stage.
 * @param kept - Storages read after the last call: outputs.
 * @param always - Storages that exist even if no call names them: ports and states.
 */
export function assignAddresses(
  calls: readonly PendingCall[],
  kept: ReadonlySet<Storage>,
  always: readonly Storage[],
  { guardBytes = 0, reservedBytes = 0 }: PlacementOptions = {},
): MemoryMap {
  const lifetimes = new Map<Storage, Lifetime>();
  const touch = (storage: Storage, time: number): void => {
    const known = lifetimes.get(storage);
    if (known) known.last = time;
    else lifetimes.set(storage, { storage, first: time, last: time });
  };
  for (const storage of always) touch(storage, 0);
  for (const call of calls) for (const { storage } of call.arguments) touch(storage, call.stage);
  for (const storage of kept) touch(storage, (calls.at(-1)?.stage ?? 0) + 1);

  const addresses = new Map<Storage, number>();
  // Two cache lines apart, as everything that different code may write.
  const imageOffset = align(reservedBytes, ARENA_ALIGNMENT);
  let end = imageOffset + guardBytes;
  const append = (kind: Storage['kind']): void => {
    for (const { storage } of lifetimes.values()) {
      if (storage.kind !== kind) continue;
      addresses.set(storage, end);
      end = align(end + storage.bytes) + guardBytes;
    }
  };
  append('image');
  const imageBytes = end - imageOffset;
  append('persistent');

  const placed: { lifetime: Lifetime; start: number; end: number }[] = [];
  const arena = [...lifetimes.values()]
    .filter(({ storage }) => storage.kind === 'arena')
    .sort((a, b) => b.storage.bytes - a.storage.bytes || a.first - b.first);
  const base = align(end, ARENA_ALIGNMENT);
  for (const lifetime of arena) {
    const busy = placed
      .filter(
        (other) =>
          guardBytes > 0 || (other.lifetime.first <= lifetime.last && lifetime.first <= other.lifetime.last),
      )
      .sort((a, b) => a.start - b.start);
    let start = base;
    for (const other of busy) {
      if (start + lifetime.storage.bytes <= other.start) break;
      start = Math.max(start, other.end);
    }
    const stop = align(start + lifetime.storage.bytes + guardBytes, ARENA_ALIGNMENT);
    placed.push({ lifetime, start, end: stop });
    addresses.set(lifetime.storage, start);
    end = Math.max(end, stop);
  }
  return { addresses, imageOffset, imageBytes, memoryBytes: end + GUARD_BYTES };
}
