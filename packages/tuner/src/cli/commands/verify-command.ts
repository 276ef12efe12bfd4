import { InvalidArgumentError, Option, type Command } from 'commander';
import { onnxRuntimes, type OnnxRuntimeName } from '../../reference/onnxruntime.ts';
import { runVerify } from '../../verify/run-verify.ts';
import { commonCommand } from '../options/common-options.ts';
import { importSettings, withImportOptions, type ImportFlags } from '../options/import-options.ts';
import { namedFiles } from '../options/named-files.ts';
import { integerFrom, parseNumber } from '../options/numbers.ts';
import { renderVerify } from '../render/render-verify.ts';
import type { CliSession, CommonFlags } from '../session.ts';

interface VerifyFlags extends ImportFlags, CommonFlags {
  readonly against: string;
  readonly frames: number;
  readonly seed: number;
  readonly input?: Readonly<Record<string, string>>;
  readonly tolerance: number;
  readonly runtime?: OnnxRuntimeName | 'none';
}

/** `grim verify` */
export function verifyCommand(session: CliSession): Command {
  const command = commonCommand('verify', 'compare layer by layer with the model it was made from', [
    'grim verify vad.grim --against silero_vad.onnx',
    'grim verify vad.grim --against pruned.grim',
    'grim verify vad.grim --against silero_vad.onnx --input input=frames.npy --tolerance 1e-5',
  ])
    .argument('<MODEL>', 'an .onnx or .grim file')
    .requiredOption(
      '--against <FILE>',
      'the ONNX model that says what is right or, where pruning changed weights, the pruned .grim file',
    )
    .option('--frames <N>', 'runs with random inputs and carried state', integerFrom(1), 4)
    .option('--seed <N>', 'seed of the random inputs', integerFrom(0), 1)
    .option(
      '--input <name=FILE.npy>',
      'frames of an input instead of random ones, with a leading dimension more (repeatable)',
      namedFiles('--input'),
    )
    .option(
      '--tolerance <T>',
      'greatest difference, relative to the greatest value of a layer where that is above 1',
      parseTolerance,
      1e-4,
    )
    .addOption(
      new Option(
        '--runtime <PACKAGE>',
        'compare outputs with this package too (default: onnxruntime-node where it is installed)',
      ).choices([...onnxRuntimes, 'none']),
    );
  return withImportOptions(command).action(async (model: string, flags: VerifyFlags) => {
    const { against, frames, seed, input, tolerance, runtime } = flags;
    await session.perform(flags, {
      command: 'verify',
      run: (onProgress) =>
        runVerify(
          {
            model,
            against,
            frames,
            seed,
            tolerance,
            ...(input && { inputs: input }),
            ...(runtime && { runtime }),
            ...importSettings(flags),
          },
          onProgress,
        ),
      render: renderVerify,
      isYes: ({ ok }) => ok,
    });
  });
}

function parseTolerance(text: string): number {
  const tolerance = parseNumber(text);
  if (tolerance < 0) throw new InvalidArgumentError('It must not be negative.');
  return tolerance;
}
