import type { Command } from 'commander';
import type { ExecutionSettings } from '../../model/execution-settings.ts';
import { threadCount } from './thread-count.ts';

/** Flags of {@link withExecutionOptions} as parsed. */
export interface ExecutionFlags {
  readonly threads: number;
  readonly strict?: boolean;
}

/** Adds the options that say how a model is run. */
export function withExecutionOptions(command: Command): Command {
  return command
    .option(
      '--threads <N>',
      'threads to run on, where the model is compiled for several; one that is compiled now is compiled for as many',
      threadCount,
      1,
    )
    .option('--strict', 'run only code that computes the same bits on every engine');
}

/** The settings that flags mean. */
export function executionSettings({ threads, strict = false }: ExecutionFlags): ExecutionSettings {
  return { threads, strict };
}
