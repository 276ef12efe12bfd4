import { distinctKernels, type Program } from '@grim/kernels';

import { strictSimd, type WasmCapabilities } from './capabilities.ts';
import { moduleMemory } from './module-memory.ts';
import { renderKernel } from './render-kernel.ts';
import { renderThreads } from './render-threads.ts';

/** Bytes of a WebAssembly memory page. */
const PAGE_BYTES = 65536;

/**
 * Where in the words for threads the count of arrivals lies. The cache line before belongs to the runtime, which starts runs
 * with it.
 */
const ARRIVALS_OFFSET = 64;

/** Name of the export that runs call number `index` alone. */
export function entryName(index: number): string {
  return `call${String(index)}`;
}

/**
 * A program as one WebAssembly module in text form.
 *
 * It imports its memory (`env.memory`), so that a runtime decides what else lives there, and exports `run`, which runs
 * every call in order, and one entry per call, for profiles and comparisons layer by layer. With threads the memory is
 * shared, and `runPart` runs one thread's share, see {@link renderThreads}.
 *
 * @param capabilities - What the text may use; strict 128-bit SIMD unless told otherwise.
 * @param operators - The text of operators of a user's own that the program calls, see {@link readOperators}.
 */
export function renderModule(
  program: Program,
  capabilities: WasmCapabilities = strictSimd,
  operators?: string,
): string {
  const { bytes, controlOffset } = moduleMemory(program, capabilities);
  const pages = String(Math.ceil(bytes / PAGE_BYTES));
  const memory = controlOffset === undefined ? `${pages} ${pages}` : `${pages} ${pages} shared`;
  const entries = program.calls.map(({ kernel, addresses, node }, index) => {
    const operands = addresses.map((address) => `(i32.const ${String(address)})`).join(' ');
    const entry = entryName(index);
    return `  (func $${entry} (export "${entry}") (call $${kernel.name} ${operands})) ;; ${node.replaceAll(/[\r\n]/g, ' ')}`;
  });
  return [
    '(module',
    `  (import "env" "memory" (memory ${memory}))`,
    ...(operators === undefined ? [] : [operators]),
    ...distinctKernels(program.calls.map(({ kernel }) => kernel)).map((kernel) =>
      renderKernel(kernel, capabilities),
    ),
    ...entries,
    '  (func (export "run")',
    ...program.calls.map((_, index) => `    (call $${entryName(index)})`),
    '  )',
    ...(controlOffset === undefined
      ? []
      : [renderThreads(program, controlOffset + ARRIVALS_OFFSET, entryName)]),
    ')',
    '',
  ].join('\n');
}
