import { Option, type Command } from 'commander';
import { GrimError } from '@grim/ir';
import { bindingFormNames } from '../../bindings/binding-settings.ts';
import { commonCommand } from '../options/common-options.ts';
import { importSettings, withImportOptions, type ImportFlags } from '../options/import-options.ts';
import { threadCount } from '../options/thread-count.ts';
import type { CliSession } from '../session.ts';
import type { CompileTarget, TargetFlags } from '../targets/compile-target.ts';
import { targets } from '../targets/targets.ts';

interface CompileFlags extends ImportFlags, TargetFlags {
  readonly output: string;
  readonly target: string;
}

/** `grim compile` */
export function compileCommand(session: CliSession): Command {
  const command = commonCommand('compile', 'compile to one file of code and weights, or to a folder of C', [
    'grim compile pruned.grim -o vad.grim',
    'grim compile silero_vad.onnx --set sr=16000 --shape input=1,576 -o build --emit-wat',
    'grim compile pruned.grim -o vad.grim --threads 4 --relaxed-simd',
    'grim compile pruned.grim --target neon --prefix vad -o vad',
    'grim compile pruned.grim --target opencl --device adreno --prefix vad -o vad',
  ])
    .argument('<MODEL>', 'an .onnx file, or a .grim file with a graph')
    .requiredOption(
      '-o, --output <OUT>',
      'wasm: a .grim file, or a folder for one named after the model; neon, opencl: a folder',
    )
    .option('--target <TARGET>', `what to compile for: ${Object.keys(targets).join(', ')}`, 'wasm')
    .option('--with-graph', 'wasm: keep the graph in the file, so that it can be pruned and compiled again')
    .option('--emit-wat', 'wasm: also write the WebAssembly text of the strict code, as .wat beside the file')
    .option(
      '--threads <N>',
      'wasm: split large calls so that this many threads can share them',
      threadCount,
      1,
    )
    .option(
      '--relaxed-simd',
      'wasm: add code for engines with relaxed SIMD; its results may differ between engines in the last bits',
    )
    .addOption(
      new Option(
        '--bindings <FORM>',
        'the typed module beside the model: .mjs or .js with declarations, or .ts',
      )
        .choices(bindingFormNames)
        .default('mjs'),
    )
    .option('--no-bindings', 'write no typed module')
    .option(
      '--bindings-name <NAME>',
      'what its functions and types are named after (default: the file, the prefix)',
    )
    .option(
      '--cpu <PROFILE>',
      'neon: processor that the code is made for, cortex-a55, cortex-a76, cortex-x1 or apple; it runs on all others, too (default: cortex-a76)',
    )
    .option(
      '--device <PROFILE>',
      'opencl: devices that work is divided for, generic, adreno or mali (default: generic)',
    )
    .option('--strict', 'neon, opencl: round products and sums one by one, to the bits of strict WebAssembly')
    .addOption(
      new Option(
        '--precision <FLOATS>',
        'neon, opencl: floats of weights and of what is computed: f32, or f16 for processors from ARMv8.2 on and devices with cl_khr_fp16',
      )
        .choices(['f32', 'f16'])
        .default('f32'),
    )
    .addOption(
      new Option(
        '--weights <FORM>',
        'neon, opencl: weights as a C array, or as a file that the application loads',
      )
        .choices(['c', 'binary'])
        .default('c'),
    )
    .option('--prefix <NAME>', 'neon, opencl: begins the names of files, functions and macros', 'model');
  return withImportOptions(command).action(async (model: string, flags: CompileFlags) => {
    const target = targetNamed(flags.target);
    refuseOthers(command, target, flags.target);
    await target.perform(session, { model, output: flags.output, ...importSettings(flags) }, flags);
  });
}

function targetNamed(name: string): CompileTarget {
  const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
  if (!target) {
    throw new GrimError(`target ${name} is not known; available: ${Object.keys(targets).join(', ')}`);
  }
  return target;
}

/** Refuses options that were given and that another target takes. */
function refuseOthers(command: Command, { takes }: CompileTarget, name: string): void {
  const ofOthers = new Set<string>(Object.values(targets).flatMap((target) => target.takes));
  for (const flag of takes) ofOthers.delete(flag);
  const given = command.options.find(
    (option) =>
      ofOthers.has(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given) throw new GrimError(`${given.long ?? given.flags} is not an option of --target ${name}`);
}
