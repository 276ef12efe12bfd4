import { GrimError } from '@grim/ir';
import type { BlockSize } from '@grim/prune';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { defaultBlock, type PruneSettings } from '../../prune/prune-settings.ts';
import type { PruneOptions } from '../../prune/prune-options.ts';
import { runPrune } from '../../prune/run-prune.ts';
import { commonCommand } from '../options/common-options.ts';
import { importSettings, withImportOptions, type ImportFlags } from '../options/import-options.ts';
import { namedValue } from '../options/named-value.ts';
import { integerFrom, parseNumber } from '../options/numbers.ts';
import { addPattern } from '../options/patterns.ts';
import { perLayerParser, simplified } from '../options/per-layer.ts';
import { searchSettings, withSearchOptions, type SearchFlags } from '../options/search-options.ts';
import { trainingSettings, withTrainingOptions, type TrainingFlags } from '../options/training-options.ts';
import { renderPrune } from '../render/render-prune.ts';
import type { CliSession, CommonFlags } from '../session.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface PruneFlags extends ImportFlags, SearchFlags, TrainingFlags, CommonFlags {
  readonly output: string;
  readonly rate?: Readonly<Record<string, number>>;
  readonly rateOf?: NonNullable<PruneSettings['rateOf']>;
  readonly block?: Readonly<Record<string, BlockSize | 'auto'>>;
  readonly split: PruneSettings['split'];
  readonly method: PruneSettings['method'];
  readonly layers?: readonly string[];
  readonly exclude?: readonly string[];
  readonly minimumParameters?: number;
  readonly keepDiagonal?: boolean;
  readonly cutInputs?: boolean;
  readonly data?: Readonly<Record<string, readonly string[]>>;
  readonly hop?: number;
  readonly sampleRate?: number;
}

/** `grim prune` */
export function pruneCommand(session: CliSession): Command {
  const command = commonCommand('prune', 'zero whole rows and columns of blocks of the weights', [
    'grim prune silero_vad.onnx --set sr=16000 --shape input=1,576 --rate 4 -o pruned.grim',
    "grim prune model.onnx --rate 4 --rate '*:r=2' --block 64x128 --exclude 'stft*' -o pruned.grim",
    'grim prune model.onnx --rate 4 --method reconstruct --data input=frames.npy -o pruned.grim',
    'grim prune model.onnx --rate 8 --method admm --data x=images.npy --labels classes.npy --epochs 20 --checkpoint run.safetensors -o pruned.grim',
    'grim prune model.onnx --target-latency 0.5x --block auto --latency-model measured -o pruned.grim',
    'grim prune vad.onnx --rate 4 --rate-of model --method reconstruct --data input=speech.wav --hop 512 --sample-rate 16000 -o pruned.grim',
  ])
    .argument('<MODEL>', 'an .onnx file, or a .grim file with a graph')
    .requiredOption('-o, --output <OUT.grim>', 'the file to write')
    .option(
      '--rate <R>',
      'weights divided by weights kept; PATTERN=R for layers (or layer:operand) that match (repeatable)',
      perLayerParser(parseNumber),
    )
    .addOption(
      new Option(
        '--rate-of <WHAT>',
        'what R is of: each weight (default), or the whole model, each layer giving what it can spare (with --method reconstruct)',
      ).choices(['weight', 'model']),
    )
    .option(
      '--block <RxC>',
      `rows and columns of a block, default ${defaultBlock.rows}x${defaultBlock.columns}; PATTERN=RxC as above (repeatable); auto finds them by latency`,
      perLayerParser(parseBlock),
    )
    .addOption(
      new Option('--split <WHAT>', 'what is pruned in a block')
        .choices(['columns', 'rows', 'both'])
        .default('columns'),
    )
    .addOption(
      new Option('--method <METHOD>', 'how what is kept is chosen')
        .choices(['magnitude', 'reconstruct', 'admm', 'reweighted', 'gradual'])
        .default('magnitude'),
    )
    .option(
      '--layers <PATTERN>',
      'prune only layers that match; * stands for any characters (repeatable)',
      addPattern,
    )
    .option('--exclude <PATTERN>', 'leave layers that match dense (repeatable)', addPattern)
    .option('--minimum-parameters <N>', 'leave weights with fewer elements dense', integerFrom(0))
    .option(
      '--data <name=FILE>',
      'calibration inputs for reconstruct and targets, examples for methods that train: .npy, one run or [runs,...], or .wav, cut into windows; a file more for an input is another sequence (repeatable)',
      filesByName,
    )
    .option(
      '--hop <N>',
      'samples from one window of a .wav file to the next; all of an input unless told',
      integerFrom(1),
    )
    .option('--sample-rate <HZ>', 'samples per second that .wav files are brought to', integerFrom(1))
    .option('--keep-diagonal', 'keep the diagonal of recurrent matrices, gate by gate')
    .option(
      '--cut-inputs',
      'let inputs of a layer lose all their weights where these are weakest; otherwise each keeps some, where blocks allow it',
    );
  return withImportOptions(withTrainingOptions(withSearchOptions(command))).action(
    async (model: string, flags: PruneFlags) => {
      const { output, rate, block, split, method, layers, exclude, minimumParameters, keepDiagonal } = flags;
      const { data, hop, sampleRate, rateOf, cutInputs } = flags;
      const options: PruneOptions = {
        model,
        output,
        ...importSettings(flags),
        method,
        ...(rate && { rate: simplified(rate) }),
        ...(rateOf && { rateOf }),
        block: blocksOf(block),
        split,
        ...(layers && { layers }),
        ...(exclude && { exclude }),
        ...(minimumParameters !== undefined && { minimumParameters }),
        ...(keepDiagonal !== undefined && { keepDiagonal }),
        ...(cutInputs !== undefined && { cutInputs }),
        ...(data && { data }),
        ...(hop !== undefined && { hop }),
        ...(sampleRate !== undefined && { sampleRate }),
        ...searchSettings(flags),
        ...trainingSettings(flags),
      };
      await session.perform(flags, {
        command: 'prune',
        run: (onProgress) =>
          flags.checkpoint === undefined
            ? runPrune(options, onProgress)
            : untilInterrupted(`${flags.checkpoint}: stopped; the same command goes on from here`, (signal) =>
                runPrune(options, onProgress, signal),
              ),
        render: renderPrune,
      });
    },
  );
}

function parseBlock(text: string): BlockSize | 'auto' {
  if (text === 'auto') return text;
  const [, rows, columns] = /^(\d{1,9})x(\d{1,9})$/.exec(text) ?? [];
  const block = { rows: Number(rows), columns: Number(columns) };
  if (!(block.rows >= 1 && block.columns >= 1))
    throw new InvalidArgumentError('Give it as in --block 64x128.');
  return block;
}

/** Blocks by pattern, or `auto` for all: part of them cannot be searched. */
function blocksOf(given: PruneFlags['block'] = {}): PruneOptions['block'] {
  const blocks = Object.entries(given).flatMap(([pattern, block]) =>
    block === 'auto' ? [] : [[pattern, block] as const],
  );
  // Patterns are exceptions to the default, not instead of it.
  if (blocks.length === Object.keys(given).length)
    return simplified({ '*': defaultBlock, ...Object.fromEntries(blocks) });
  if (given['*'] === 'auto' && blocks.length === 0) return 'auto';
  throw new GrimError('--block auto is for all layers, and excludes other blocks');
}

/** Adds a file to those of an input. */
function filesByName(
  text: string,
  before: Readonly<Record<string, readonly string[]>> = {},
): Readonly<Record<string, readonly string[]>> {
  const [name, file] = namedValue(text, '--data name=FILE');
  const files = Object.hasOwn(before, name) ? (before[name] ?? []) : [];
  // Not an assignment: a name may be `__proto__`.
  return Object.fromEntries([
    ...Object.entries(before).filter(([other]) => other !== name),
    [name, [...files, file]],
  ]);
}
