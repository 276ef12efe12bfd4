import { open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { ModelDescription } from '@grim/bindings';
import { GrimError } from '@grim/ir';
import { checkOutputFile } from '../files/check-output-file.ts';
import { namingFile } from '../files/naming-file.ts';
import { statusOf } from '../files/status-of.ts';
import type { BindingSettings } from './binding-settings.ts';

/** Gives the texts of the typed module of a model, by the names of their files; the name of the model is decided already. */
export type BindingsRenderer = (model: Omit<ModelDescription, 'name'>) => [name: string, text: string][];

/**
 * Makes sure that the typed module of a model can be written, before the work starts.
 *
 * @param stem - Path of the model without its ending, which the files of the module have with theirs.
 * @param inputs - Files that are read by the same command.
 * @returns What gives the files of the module, none where none is wanted.
 * @throws GrimError when something is there that must not be replaced: a module of the user's may well be named after the model.
 */
export async function prepareBindings(
  stem: string,
  { bindings: form = 'mjs', bindingsName }: BindingSettings,
  inputs: readonly string[],
): Promise<BindingsRenderer> {
  if (form === false) {
    if (bindingsName === undefined) return () => [];
    throw new GrimError(`no typed module is wanted, which could be named after ${bindingsName}`);
  }
  const { bindingForms, bindingsMark, renderBindings } = await import('@grim/bindings');
  for (const extension of Object.values(bindingForms[form])) {
    await requireReplaceable(`${stem}${extension}`, bindingsMark, inputs);
  }
  const name = bindingsName ?? basename(stem);
  return (model) =>
    renderBindings({ ...model, name }, form).map(({ extension, text }) => [
      `${basename(stem)}${extension}`,
      text,
    ]);
}

/** Refuses a path where there is anything else than a file that begins with the mark. */
async function requireReplaceable(file: string, mark: string, inputs: readonly string[]): Promise<void> {
  await namingFile(file, async () => {
    if ((await statusOf(resolve(file))) === undefined) return;
    await checkOutputFile(file, inputs);
    if ((await startOf(file, mark.length)) === mark) return;
    throw new GrimError(
      'is there and was not written by grim compile; choose another output, --bindings or --no-bindings',
    );
  });
}

/** The first bytes of a file as text. */
async function startOf(file: string, length: number): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
