import { GrimError } from '@grim/ir';
import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

/**
 * The one place where errors become lines and exit codes.
 *
 * @param verbose - Whether to show the stack of a defect.
 * @returns The exit code.
 */
export function reportError(error: unknown, terminal: Terminal, verbose: boolean): number {
  // Commander has printed what it had to say, help among it.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof GrimError) {
    terminal.stderr.write(`grim: ${printable(error.message)}\n`);
    return exitCodes.usage;
  }
  if (error instanceof DOMException && error.name === 'AbortError') {
    terminal.stderr.write(`grim: ${printable(error.message)}\n`);
    return exitCodes.interrupted;
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const hint = verbose ? '' : ' (this is a defect of grim; --verbose shows where)';
  terminal.stderr.write(`grim: ${printable(message)}${hint}\n`);
  if (verbose && error instanceof Error && error.stack !== undefined)
    terminal.stderr.write(`${error.stack}\n`);
  return exitCodes.defect;
}
