import { threadControlBytes } from '@grim/ir';
import type { Program } from '@grim/kernels';

import type { WasmCapabilities } from './capabilities.ts';

/** Threads write the words they wait on, so these have cache lines of their own. */
const CACHE_LINE_BYTES = 64;

/** What the memory of a module has to hold. */
export interface ModuleMemory {
  readonly bytes: number;
  /** Where the words that threads wait on lie; absent in modules for one thread. */
  readonly controlOffset?: number;
}

/** The memory of a program's module: that of the program, then the words that threads wait on. */
export function moduleMemory({ memoryBytes }: Program, { threads }: WasmCapabilities): ModuleMemory {
  if (!threads) return { bytes: memoryBytes };
  const controlOffset = Math.ceil(memoryBytes / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
  return { bytes: controlOffset + threadControlBytes, controlOffset };
}
