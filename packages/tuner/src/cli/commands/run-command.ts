import type { Command } from 'commander';
import { runModel } from '../../run/run-model.ts';
import { commonCommand } from '../options/common-options.ts';
import {
  executionSettings,
  withExecutionOptions,
  type ExecutionFlags,
} from '../options/execution-options.ts';
import { importSettings, withImportOptions, type ImportFlags } from '../options/import-options.ts';
import { namedFiles } from '../options/named-files.ts';
import { renderRun } from '../render/render-run.ts';
import type { CliSession, CommonFlags } from '../session.ts';

interface RunFlags extends ImportFlags, ExecutionFlags, CommonFlags {
  readonly input?: Readonly<Record<string, string>>;
  readonly output?: string;
  readonly steps?: boolean;
  readonly initialState?: Readonly<Record<string, string>>;
  readonly saveState?: string;
}

/** `grim run` */
export function runCommand(session: CliSession): Command {
  const command = commonCommand('run', 'run on .npy files', [
    'grim run vad.grim --input input=frame.npy -o results',
    'grim run vad.grim --input input=frames.npy --steps -o probabilities.npy --save-state state',
    'grim run vad.grim --input input=frame.npy --threads 2 --strict',
  ])
    .argument('<MODEL>', 'an .onnx or .grim file')
    .option('--input <name=FILE.npy>', 'values of an input (repeatable)', namedFiles('--input'))
    .option('-o, --output <OUT>', 'a folder for one .npy file per output, or a .npy file for the only one')
    .option('--steps', 'inputs have a leading dimension more: run once per step, with carried state')
    .option(
      '--initial-state <name=FILE.npy>',
      'values of a state before the first run (repeatable; all states, or none for what the model starts from)',
      namedFiles('--initial-state'),
    )
    .option('--save-state <DIR>', 'a folder for one .npy file per state after the last run');
  return withImportOptions(withExecutionOptions(command)).action(async (model: string, flags: RunFlags) => {
    const { input = {}, output, steps = false, initialState, saveState } = flags;
    await session.perform(flags, {
      command: 'run',
      run: (onProgress) =>
        runModel(
          {
            model,
            inputs: input,
            steps,
            ...(output !== undefined && { output }),
            ...(initialState && { initialStates: initialState }),
            ...(saveState !== undefined && { saveStates: saveState }),
            ...executionSettings(flags),
            ...importSettings(flags),
          },
          onProgress,
        ),
      render: renderRun,
    });
  });
}
