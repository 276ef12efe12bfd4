import { InvalidArgumentError, type Command } from 'commander';
import type { ImportSettings } from '../../model/import-settings.ts';
import { namedValue, withEntry } from './named-value.ts';
import { integerFrom, parseNumbers } from './numbers.ts';

/** Flags of {@link withImportOptions} as parsed. */
export interface ImportFlags {
  readonly set?: Readonly<Record<string, readonly number[]>>;
  readonly shape?: Readonly<Record<string, readonly number[]>>;
  readonly operators?: string;
  readonly state?: NonNullable<ImportSettings['states']> | boolean;
}

/** Adds the options that say what an ONNX file leaves open. */
export function withImportOptions(command: Command): Command {
  return command
    .option(
      '--set <input=value>',
      'fix an input of an ONNX model, e.g. --set sr=16000; several numbers with commas between (repeatable)',
      (text: string, before: ImportFlags['set']) => {
        const [name, value] = namedValue(text, '--set sr=16000');
        return withEntry(before, [name, parseNumbers(value)]);
      },
    )
    .option(
      '--shape <input=shape>',
      'shape of an input that an ONNX model leaves open, e.g. --shape input=1,576 (repeatable)',
      (text: string, before: ImportFlags['shape']) => {
        const [name, value] = namedValue(text, '--shape input=1,576');
        return withEntry(before, [name, value.split(',').map(integerFrom(1))]);
      },
    )
    .option(
      '--state <input:output>',
      'an input of an ONNX model that carries state, and the output that replaces it; found when not given ' +
        '(repeatable; write input=output where names hold a colon)',
      (text: string, before: ImportFlags['state']) => [
        ...(typeof before === 'object' ? before : []),
        statePair(text),
      ],
    )
    .option(
      '--operators <FILE>',
      'operators of your own in C: a JSON file with their sources, and the functions that stand for operators of an ONNX model',
    )
    .option('--no-state', 'leave recurrent state as inputs and outputs');
}

function statePair(text: string): { input: string; output: string } {
  const parts = text.split(text.includes('=') ? '=' : ':');
  const [input, output] = parts;
  if (parts.length !== 2 || !input || !output) {
    throw new InvalidArgumentError('Give it as in --state h:hn, or h=hn where names hold a colon.');
  }
  return { input, output };
}

/** The settings that flags mean. */
export function importSettings({ set, shape, state, operators }: ImportFlags): ImportSettings {
  // `true` is commander's default of an option that has a `--no-` form.
  const states = state === false ? [] : typeof state === 'object' ? state : undefined;
  return {
    ...(set && { set }),
    ...(shape && { shapes: shape }),
    ...(states && { states }),
    ...(operators !== undefined && { operators }),
  };
}
