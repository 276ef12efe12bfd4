import type { CompileResult } from '../../compile/run-compile.ts';
import type { Terminal } from '../terminal.ts';
import { formatBytes, formatCount, formatRatio } from './format.ts';
import { blocks, labelled } from './lines.ts';
import { renderTable } from './render-table.ts';
import { shortenNames } from './shorten-names.ts';

/** What was compiled, for people. */
export function renderCompile(result: CompileResult, terminal: Terminal): string {
  const names = shortenNames(
    result.calls.map(({ layer }) => layer).filter((layer) => layer !== 'outputs' && layer !== 'states'),
  );
  const size = (bytes: number, gzip: number): string => `${formatBytes(bytes)}, gzip ${formatBytes(gzip)}`;
  return blocks(
    renderTable(
      [
        { title: 'layer' },
        { title: 'kernel' },
        { title: 'path' },
        { title: 'MACs', align: 'right' },
        { title: 'weights', align: 'right' },
        { title: 'padding', align: 'right' },
      ],
      result.calls.map(({ layer, kernel, path, macs, weightBytes, padding }) => [
        names.shorten(layer),
        kernel,
        path,
        formatCount(macs),
        formatBytes(weightBytes),
        formatRatio(padding),
      ]),
      terminal,
    ),
    labelled([
      ...(names.prefix === '' ? [] : ([['names start with', names.prefix]] as const)),
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
