import type { BindingForm } from '@grim/bindings';
import { Option, type Command } from 'commander';
import { bindingFormNames } from '../../bindings/binding-settings.ts';
import { runCompile } from '../../compile/run-compile.ts';
import { commonCommand } from '../options/common-options.ts';
import { importSettings, withImportOptions, type ImportFlags } from '../options/import-options.ts';
import { threadCount } from '../options/thread-count.ts';
import { renderCompile } from '../render/render-compile.ts';
import type { CliSession, CommonFlags } from '../session.ts';

interface CompileFlags extends ImportFlags, CommonFlags {
  readonly output: string;
  readonly target: string;
  readonly withGraph?: boolean;
  readonly emitWat?: boolean;
  readonly threads: number;
  readonly relaxedSimd?: boolean;
  readonly bindings: BindingForm | false;
  readonly bindingsName?: string;
}

/** `grim compile` */
export function compileCommand(session: CliSession): Command {
  const command = commonCommand('compile', 'compile to one file of code and weights', [
    'grim compile pruned.grim -o vad.grim',
    'grim compile silero_vad.onnx --set sr=16000 --shape input=1,576 -o build --emit-wat',
    'grim compile pruned.grim -o vad.grim --threads 4 --relaxed-simd',
  ])
    .argument('<MODEL>', 'an .onnx file, or a .grim file with a graph')
    .requiredOption('-o, --output <OUT>', 'a .grim file, or a folder for one named after the model')
    .option('--target <TARGET>', 'what to compile for: wasm (neon and opencl come in later versions)', 'wasm')
    .option('--with-graph', 'keep the graph in the file, so that it can be pruned and compiled again')
    .option('--emit-wat', 'also write the WebAssembly text of the strict code, as .wat beside the file')
    .option('--threads <N>', 'split large calls so that this many threads can share them', threadCount, 1)
    .option(
      '--relaxed-simd',
      'add code for engines with relaxed SIMD; its results may differ between engines in the last bits',
    )
    .addOption(
      new Option(
        '--bindings <FORM>',
        'the typed module beside the file: .mjs or .js with declarations, or .ts',
      )
        .choices(bindingFormNames)
        .default('mjs'),
    )
    .option('--no-bindings', 'write no typed module')
    .option('--bindings-name <NAME>', 'what its functions and types are named after (default: the file)');
  return withImportOptions(command).action(async (model: string, flags: CompileFlags) => {
    const { output, target, withGraph = false, emitWat = false, threads, relaxedSimd = false } = flags;
    const { bindings, bindingsName } = flags;
    await session.perform(flags, {
      command: 'compile',
      run: (onProgress) =>
        runCompile(
          {
            ...{ model, output, target, withGraph, emitWat, threads, relaxedSimd, bindings },
            ...(bindingsName !== undefined && { bindingsName }),
            ...importSettings(flags),
          },
          onProgress,
        ),
      render: renderCompile,
    });
  });
}
