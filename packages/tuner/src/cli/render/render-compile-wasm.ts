import type { WasmCompileResult } from '../../compile/compile-wasm.ts';
import type { Terminal } from '../terminal.ts';
import { callTable } from './call-table.ts';
import { formatBytes } from './format.ts';
import { blocks, labelled } from './lines.ts';

/** What was compiled to WebAssembly, for people. */
export function renderCompileWasm(result: WasmCompileResult, terminal: Terminal): string {
  const { table, prefix } = callTable(result.calls, terminal);
  const size = (bytes: number, gzip: number): string => `${formatBytes(bytes)}, gzip ${formatBytes(gzip)}`;
  return blocks(
    table,
    labelled([
      ...prefix,
      ['calls', `${result.calls.length}, of ${result.kernels} different kernels`],
      ['code', size(result.codeBytes, result.codeGzipBytes)],
      ...(result.relaxedCodeBytes === null || result.relaxedCodeGzipBytes === null
        ? []
        : ([['relaxed code', size(result.relaxedCodeBytes, result.relaxedCodeGzipBytes)]] as const)),
      ['weights', size(result.imageBytes, result.imageGzipBytes)],
      ['memory', formatBytes(result.memoryBytes)],
      ['threads', `at most ${result.threads.count} (${result.threads.reason})`],
      ['written', `${result.output} (${size(result.outputBytes, result.outputGzipBytes)})`],
      ...(result.wat === null ? [] : ([['text', result.wat]] as const)),
      ...(result.bindings.length === 0 ? [] : ([['typed module', result.bindings.join(', ')]] as const)),
    ]),
  );
}
