import type { ProgressListener } from '../progress.ts';
import { version } from '../version.ts';
import { exitCodes } from './exit-codes.ts';
import { showProgress } from './show-progress.ts';
import type { Terminal } from './terminal.ts';

/** What all commands share: options that say how to answer. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** What a command does and how its result is shown to a person. */
export interface Task<Result> {
  readonly command: string;
  readonly run: (onProgress: ProgressListener) => Promise<Result>;
  readonly render: (result: Result, terminal: Terminal) => string;
  /** Whether the answer is yes; it is when absent. */
  readonly isYes?: (result: Result) => boolean;
}

/** One call of the command line: where it writes, and how it will end. */
export interface CliSession {
  readonly terminal: Terminal;
  readonly exitCode: () => number;
  /** Runs a task, and prints its result for people or as one JSON object. */
  readonly perform: <Result extends object>(flags: CommonFlags, task: Task<Result>) => Promise<void>;
}

/** Starts a session. */
export function createSession(terminal: Terminal): CliSession {
  let exitCode: number = exitCodes.ok;
  return {
    terminal,
    exitCode: () => exitCode,
    perform: async (flags, { command, run, render, isYes }) => {
      const progress = showProgress(terminal);
      let result;
      try {
        result = await run(progress.listener);
      } finally {
        progress.stop();
      }
      const text =
        flags.json === true
          ? JSON.stringify({ command, version, ...result }, null, 2)
          : render(result, terminal).trimEnd();
      terminal.stdout.write(`${text}\n`);
      exitCode = (isYes?.(result) ?? true) ? exitCodes.ok : exitCodes.no;
    },
  };
}
