import type { Command } from 'commander';
import { runInspect } from '../../inspect/run-inspect.ts';
import { commonCommand } from '../options/common-options.ts';
import { importSettings, withImportOptions, type ImportFlags } from '../options/import-options.ts';
import { renderInspect } from '../render/render-inspect.ts';
import type { CliSession, CommonFlags } from '../session.ts';

/** `grim inspect` */
export function inspectCommand(session: CliSession): Command {
  const command = commonCommand('inspect', 'show layers, weights and the path that the compiler takes', [
    'grim inspect silero_vad.onnx --set sr=16000 --shape input=1,576',
    'grim inspect pruned.grim --json',
  ]).argument('<MODEL>', 'an .onnx or .grim file');
  return withImportOptions(command).action(async (model: string, flags: ImportFlags & CommonFlags) => {
    await session.perform(flags, {
      command: 'inspect',
      run: () => runInspect({ model, ...importSettings(flags) }),
      render: renderInspect,
    });
  });
}
