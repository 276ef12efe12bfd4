import type { OpenclCompileResult } from '../../compile/compile-opencl.ts';
import type { Terminal } from '../terminal.ts';
import { callTable } from './call-table.ts';
import { formatBytes, formatCount } from './format.ts';
import { blocks, labelled } from './lines.ts';

/** What was compiled to OpenCL, for people. */
export function renderCompileOpencl(result: OpenclCompileResult, terminal: Terminal): string {
  const { table, prefix } = callTable(result.calls, terminal);
  return blocks(
    table,
    labelled([
      ...prefix,
      ['calls', `${result.calls.length}, of ${result.kernels} different kernels`],
      ['useful MACs', formatCount(result.usefulMacs)],
      ['divided for', `${result.device}, multiply-adds round ${result.strict ? 'twice (strict)' : 'once'}`],
      ['floats', result.precision === 'f16' ? '16 bits between inputs and outputs' : '32 bits'],
      ['weights', formatBytes(result.weightBytes)],
      ['context', `${formatBytes(result.deviceBytes)} each on the device`],
      [
        'written',
        `${result.output} (${result.files.map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`).join(', ')})`,
      ],
      ['build', `cmake -S ${result.output} -B build; see its README.md`],
    ]),
  );
}
