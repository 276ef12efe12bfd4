import { Command } from 'commander';

/** A command with the options that all have, and examples in its help. */
export function commonCommand(name: string, summary: string, examples: readonly string[]): Command {
  return new Command(name)
    .summary(summary)
    .description(summary)
    .helpOption('-h, --help', 'explain the command')
    .option('--json', 'print one JSON object instead of tables')
    .option('--verbose', 'show where in the code an unexpected error comes from')
    .addHelpText('after', ['', 'Examples:', ...examples.map((example) => `  ${example}`), ''].join('\n'));
}
