import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { GrimError } from '@grim/ir';

/** What the command line asks for. */
export interface DemoArguments {
  /** Absolute path of a WAV file; absent for the recording that comes with the demo. */
  readonly wav?: string;
  /** Absolute path of the folder to write to; absent for the usual one. */
  readonly out?: string;
  /** Print the report as JSON. */
  readonly json: boolean;
  readonly help: boolean;
}

/** What `--help` prints. */
export const usage = `npm run demo -- [--wav FILE] [--out DIR] [--json]

Imports Silero VAD v5 from ONNX, prunes it, compiles it to WebAssembly, streams a recording through it and compares it
with onnxruntime-web.

  --wav FILE   the recording, a WAV file at any rate (default: one from an installed package)
  --out DIR    where to write what is made (default: tmp/demo)
  --json       print the report as JSON instead of text`;

/**
 * Reads the command line.
 *
 * @param words - The words after the program.
 * @param folder - Where relative paths start.
 * @throws GrimError for unknown options, missing values and words that belong to no option.
 */
export function parseArguments(words: readonly string[], folder: string): DemoArguments {
  const values = parse(words);
  if (values.wav === '') throw new GrimError('--wav is empty: expected a WAV file');
  if (values.out === '') throw new GrimError('--out is empty: expected a folder');
  return {
    ...(values.wav !== undefined && { wav: resolve(folder, values.wav) }),
    ...(values.out !== undefined && { out: resolve(folder, values.out) }),
    json: values.json,
    help: values.help,
  };
}

function parse(words: readonly string[]): { wav?: string; out?: string; json: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        wav: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch (error) {
    // Node names the option and what is wrong with it.
    throw new GrimError(error instanceof Error ? error.message : String(error));
  }
}
