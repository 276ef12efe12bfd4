import type { Kernel, Program } from '@grim/kernels';

import { strictSimd, type WasmCapabilities } from './capabilities.ts';
import { renderKernel } from './render-kernel.ts';

/** Bytes of a WebAssembly memory page. */
const PAGE_BYTES = 65536;

/** Name of the export that runs call number `index` alone. */
export function entryName(index: number): string {
  return `call${String(index)}`;
}

/** Kernels of a program, each once. Two kernels of one name must be the same code. */
function distinctKernels(program: Program): Kernel[] {
  const kernels = new Map<string, { kernel: Kernel; text: string }>();
  for (const { kernel } of program.calls) {
    const known = kernels.get(kernel.name);
    if (known?.kernel === kernel) continue;
    const text = JSON.stringify(kernel);
    if (known && known.text !== text) throw new TypeError(`two kernels are named ${kernel.name}`);
    if (!known) kernels.set(kernel.name, { kernel, text });
  }
  return [...kernels.values()].map(({ kernel }) => kernel);
}

/**
 * A program as one WebAssembly module in text form.
 *
 * It imports its memory (`env.memory`), so that a runtime decides what else lives there, and exports `run`, which runs
 * every call in order, and one entry per call, for profiles and comparisons layer by layer.
 *
 * @param capabilities - What the text may use; strict 128-bit SIMD unless told otherwise.
 */
export function renderModule(program: Program, capabilities: WasmCapabilities = strictSimd): string {
  const pages = String(Math.ceil(program.memoryBytes / PAGE_BYTES));
  const entries = program.calls.map(({ kernel, addresses, node }, index) => {
    const operands = addresses.map((address) => `(i32.const ${String(address)})`).join(' ');
    const entry = entryName(index);
    return `  (func $${entry} (export "${entry}") (call $${kernel.name} ${operands})) ;; ${node.replaceAll(/[\r\n]/g, ' ')}`;
  });
  return [
    '(module',
    `  (import "env" "memory" (memory ${pages} ${pages}))`,
    ...distinctKernels(program).map((kernel) => renderKernel(kernel, capabilities)),
    ...entries,
    '  (func (export "run")',
    ...program.calls.map((_, index) => `    (call $${entryName(index)})`),
    '  )',
    ')',
    '',
  ].join('\n');
}
