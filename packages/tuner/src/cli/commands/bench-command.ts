import { Option, type Command } from 'commander';
import { runBench } from '../../bench/run-bench.ts';
import { onnxRuntimes, type OnnxRuntimeName } from '../../reference/onnxruntime.ts';
import { commonCommand } from '../options/common-options.ts';
import {
  executionSettings,
  withExecutionOptions,
  type ExecutionFlags,
} from '../options/execution-options.ts';
import { importSettings, withImportOptions, type ImportFlags } from '../options/import-options.ts';
import { integerFrom } from '../options/numbers.ts';
import { renderBench } from '../render/render-bench.ts';
import type { CliSession, CommonFlags } from '../session.ts';

interface BenchFlags extends ImportFlags, ExecutionFlags, CommonFlags {
  readonly vs?: OnnxRuntimeName;
  readonly onnx?: string;
  readonly opencl?: string | true;
  readonly runs: number;
  readonly layers?: boolean;
}

/** `grim bench` */
export function benchCommand(session: CliSession): Command {
  const command = commonCommand('bench', 'measure beside the dense form and beside onnxruntime', [
    'grim bench pruned.grim --layers',
    'grim bench pruned.grim --vs onnxruntime-web --onnx silero_vad.onnx',
    'grim bench vad.grim --threads 2',
    'grim bench pruned.grim --opencl Mali',
  ])
    .argument('<MODEL>', 'an .onnx or .grim file')
    .addOption(new Option('--vs <PACKAGE>', 'also run the ONNX model in this package').choices(onnxRuntimes))
    .option('--onnx <FILE>', 'the ONNX model for --vs, where MODEL is none')
    .option(
      '--opencl [DEVICE]',
      'also run the graph on the OpenCL device whose name contains this, or the first one',
    )
    .option('--runs <N>', 'timed runs of each side', integerFrom(1), 2000)
    .option('--layers', 'also time each kernel call alone');
  return withImportOptions(withExecutionOptions(command)).action(async (model: string, flags: BenchFlags) => {
    const { vs, onnx, opencl, runs, layers = false } = flags;
    await session.perform(flags, {
      command: 'bench',
      run: (onProgress) =>
        runBench(
          {
            model,
            runs,
            layers,
            ...(vs && { vs }),
            ...(onnx !== undefined && { onnx }),
            ...(opencl !== undefined && { opencl: opencl === true ? '' : opencl }),
            ...executionSettings(flags),
            ...importSettings(flags),
          },
          onProgress,
        ),
      render: renderBench,
    });
  });
}
