import { Command } from 'commander';
import { version } from '../version.ts';
import { benchCommand } from './commands/bench-command.ts';
import { compileCommand } from './commands/compile-command.ts';
import { inspectCommand } from './commands/inspect-command.ts';
import { pruneCommand } from './commands/prune-command.ts';
import { runCommand } from './commands/run-command.ts';
import { verifyCommand } from './commands/verify-command.ts';
import type { CliSession } from './session.ts';

/** The `grim` command with all that it can do. */
export function createProgram(session: CliSession): Command {
  const { stdout, stderr } = session.terminal;
  const program = new Command('grim')
    .description('Prunes neural networks and compiles them to small, fast WebAssembly, or to C for phones.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'explain the command')
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nMODEL is an ONNX file or a .grim file, told by its content.\n' +
        'Exit codes: 0 yes, 1 no (verify found a difference), 2 wrong usage or bad input.\n' +
        '`grim COMMAND --help` shows the options of a command and examples.\n',
    );
  for (const command of [
    inspectCommand(session),
    pruneCommand(session),
    compileCommand(session),
    runCommand(session),
    benchCommand(session),
    verifyCommand(session),
  ]) {
    program.addCommand(command);
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) => {
        write(text.replace(/^error: /, 'grim: '));
      },
    });
  }
  return program;
}
