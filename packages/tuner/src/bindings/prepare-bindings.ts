import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ModelDescription } from '@grim/bindings';
import { GrimError } from '@grim/ir';
import { checkOutputFile } from '../files/check-output-file.ts';
import { namingFile } from '../files/naming-file.ts';
import type { BindingSettings } from './binding-settings.ts';

/** A file of text to be written. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Writes the text of the typed module of a model; the name is decided already. */
export type BindingsRenderer = (model: Omit<ModelDescription, 'name'>) => TextFile[];

/**
 * Makes sure that the typed module of a model can be written, before the work starts.
 *
 * @param stem - Path of the model without its ending, which the files of the module have with theirs.
 * @param inputs - Files that are read by the same command.
 * @returns What gives the files of the module, none where none is wanted.
 * @throws GrimError when they cannot be written, or something else of these names is there: a module of the user's may well
 * be named after the model.
 */
export async function prepareBindings(
  stem: string,
  { bindings: form = 'mjs', bindingsName = basename(stem) }: BindingSettings,
  inputs: readonly string[],
): Promise<BindingsRenderer> {
  if (form === false) return () => [];
  const { bindingForms, bindingsMark, renderBindings } = await import('@grim/bindings');
  for (const extension of Object.values(bindingForms[form])) {
    const file = `${stem}${extension}`;
    await checkOutputFile(file, inputs);
    await requireOurs(file, bindingsMark);
  }
  return (model) =>
    renderBindings({ ...model, name: bindingsName }, form).map(({ extension, text }) => ({
      path: `${stem}${extension}`,
      text,
    }));
}

/** Refuses a file that is there and does not begin with the mark. */
async function requireOurs(file: string, mark: string): Promise<void> {
  const start = await namingFile(file, () => startOf(file, mark.length));
  if (start === undefined || start === mark) return;
  throw new GrimError(
    'is there and was not written by grim compile; choose another output, --bindings or --no-bindings',
    { file },
  );
}

/** The first bytes of a file as text; `undefined` when there is none. */
async function startOf(file: string, length: number): Promise<string | undefined> {
  let handle;
  try {
    handle = await open(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
