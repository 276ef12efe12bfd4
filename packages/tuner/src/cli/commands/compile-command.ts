import type { Command } from 'commander';
import { runCompile } from '../../compile/run-compile.ts';
import { commonCommand } from '../options/common-options.ts';
import { importSettings, withImportOptions, type ImportFlags } from '../options/import-options.ts';
import { renderCompile } from '../render/render-compile.ts';
import type { CliSession, CommonFlags } from '../session.ts';

interface CompileFlags extends ImportFlags, CommonFlags {
  readonly output: string;
  readonly target: string;
  readonly withGraph?: boolean;
  readonly emitWat?: boolean;
}

/** `grim compile` */
export function compileCommand(session: CliSession): Command {
  const command = commonCommand('compile', 'compile to one file of code and weights', [
    'grim compile pruned.grim -o vad.grim',
    'grim compile silero_vad.onnx --set sr=16000 --shape input=1,576 -o build --emit-wat',
  ])
    .argument('<MODEL>', 'an .onnx file, or a .grim file with a graph')
    .requiredOption('-o, --output <OUT>', 'a .grim file, or a folder for one named after the model')
    .option('--target <TARGET>', 'what to compile for: wasm (neon and opencl come in later versions)', 'wasm')
    .option('--with-graph', 'keep the graph in the file, so that it can be pruned and compiled again')
    .option('--emit-wat', 'also write the WebAssembly text, as .wat beside the file');
  return withImportOptions(command).action(async (model: string, flags: CompileFlags) => {
    const { output, target, withGraph = false, emitWat = false } = flags;
    await session.perform(flags, {
      command: 'compile',
      run: (onProgress) =>
        runCompile({ model, output, target, withGraph, emitWat, ...importSettings(flags) }, onProgress),
      render: renderCompile,
    });
  });
}
