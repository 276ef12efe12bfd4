import type { ProjectResult } from '../../compile/project-options.ts';
import type { Terminal } from '../terminal.ts';
import { callTable } from './call-table.ts';
import { formatBytes, formatCount } from './format.ts';
import { blocks, labelled } from './lines.ts';

/** What is told about one target and not about the others. */
export interface ProjectWords {
  /** What the code is for. */
  readonly madeFor: readonly [label: string, text: string];
  /** Memory of a context. */
  readonly context: string;
}

/** A project in C that was written, for people. */
export function renderCompileProject(
  result: ProjectResult,
  { madeFor: [label, text], context }: ProjectWords,
  terminal: Terminal,
): string {
  const { table, prefix } = callTable(result.calls, terminal);
  return blocks(
    table,
    labelled([
      ...prefix,
      ['calls', `${result.calls.length}, of ${result.kernels} different kernels`],
      ['useful MACs', formatCount(result.usefulMacs)],
      [label, `${text}, multiply-adds round ${result.strict ? 'twice (strict)' : 'once'}`],
      ['floats', result.precision === 'f16' ? '16 bits between inputs and outputs' : '32 bits'],
      ['weights', formatBytes(result.weightBytes)],
      ['context', context],
      [
        'written',
        `${result.output} (${result.files.map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`).join(', ')})`,
      ],
      ['build', `cmake -S ${result.output} -B build; see its README.md`],
    ]),
  );
}
