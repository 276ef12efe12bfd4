import { createProgram } from './create-program.ts';
import { reportError } from './report-error.ts';
import { createSession } from './session.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs the `grim` command.
 *
 * @param args - Arguments after the name of the command.
 * @returns The exit code.
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const session = createSession(terminal);
  try {
    await createProgram(session).parseAsync(args, { from: 'user' });
    return session.exitCode();
  } catch (error) {
    return reportError(error, terminal, args.includes('--verbose'));
  }
}
