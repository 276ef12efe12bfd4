import { GrimError } from '@grim/ir';

import { loadBinaryen } from './load-binaryen.ts';
import { renameIdentifiers } from './rename-identifiers.ts';
import { topLevelForms, type Form } from './top-level-forms.ts';

/** Parts of a module that become parts of another one; its memory, exports and data do not. */
const keptForms = new Set(['type', 'global', 'table', 'elem', 'func']);
const droppedForms = new Set(['import', 'export', 'data', 'memory', 'start']);

/** A module with operators of a user's own, as it is linked to generated code. */
export interface OperatorModule {
  /** Functions that it exports, and the types of what they take, with spaces between; with `→` before what they give. */
  readonly functions: ReadonlyMap<string, string>;
  /** Types, globals, tables and functions as text, under names that no generated one has. */
  readonly text: string;
  /** What its memory starts with, from address 0: stack, data, and zeros. Nothing of it lies behind. */
  readonly memory: Uint8Array;
}

function refuse(problem: string): GrimError {
  return new GrimError(problem, { layer: 'operators' });
}

/** A model can reach nothing but its memory, and neither can what is linked to it. */
function checkImports(module: WebAssembly.Module): void {
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (from === 'env' && name === 'memory' && kind === 'memory') continue;
    throw refuse(`call ${from}.${name}, and a model can call nothing outside itself`);
  }
}

function compile(bytes: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes as BufferSource);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) throw refuse(`are no valid module: ${error.message}`);
    throw error;
  }
}

/** What functions take and give, by their exported names. */
function signatures(forms: readonly Form[], exported: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const { head, text } of forms) {
    const [line = ''] = text.split('\n', 1);
    const name = exported.get(/^\(func \$(\S+)/.exec(line)?.[1]?.replace(/\)$/, '') ?? '');
    if (head !== 'func' || name === undefined) continue;
    const taken = [...line.matchAll(/\(param (?:\$\S+ )?([^)]*)\)/g)].map(([, types]) => types);
    const given = [...line.matchAll(/\(result ([^)]*)\)/g)].map(([, types]) => `→ ${types ?? ''}`);
    found.set(name, [...taken, ...given].join(' '));
  }
  return found;
}

/** The memory of a module after it was initialised, up to where its data ends. */
function initialMemory(module: WebAssembly.Module, text: string): Uint8Array {
  const limits = /\(import "env" "memory" \(memory \$\S+ (\d+)(?: (\d+))?(?: (shared))?\)\)/.exec(text);
  if (!limits) throw refuse('do not import their memory as env.memory');
  if (limits[3] !== undefined) throw refuse('are compiled for threads, but one thread calls them');
  const memory = new WebAssembly.Memory({
    initial: Number(limits[1]),
    ...(limits[2] !== undefined && { maximum: Number(limits[2]) }),
  });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const initialize = exports['_initialize'];
  if (typeof initialize === 'function') (initialize as () => void)();
  const heap = exports['__heap_base'];
  const end: unknown = heap instanceof WebAssembly.Global ? heap.value : undefined;
  if (typeof end !== 'number' || end < 0 || end > memory.buffer.byteLength) {
    throw refuse('do not export __heap_base, the end of their data');
  }
  return new Uint8Array(memory.buffer.slice(0, end));
}

/**
 * Reads a module with operators of a user's own: code that is position-dependent, with stack and data at the start of an imported
 * memory, as wasm-ld makes it.
 *
 * @param bytes - The module. Imports `env.memory` and nothing else; exports `__heap_base` and the functions.
 * @throws GrimError when it needs anything else, or allocates memory.
 */
export async function readOperators(bytes: Uint8Array): Promise<OperatorModule> {
  const module = compile(bytes);
  checkImports(module);
  const binaryen = await loadBinaryen();
  const parsed = binaryen.readBinary(bytes);
  try {
    const text = parsed.emitText();
    // An allocator takes what lies behind the data, which is the memory of the model, or lets memory grow, which views would not see.
    if (/\(memory\.(?:grow|size)\b/.test(text)) throw refuse('allocate memory, as malloc does');
    const functionNames = new Set(
      WebAssembly.Module.exports(module).flatMap(({ name, kind }) => (kind === 'function' ? [name] : [])),
    );
    const exported = new Map<string, string>();
    for (let index = 0; index < parsed.getNumExports(); index++) {
      const { name, value } = binaryen.getExportInfo(parsed.getExportByIndex(index));
      if (!functionNames.has(name)) continue;
      const other = exported.get(value);
      if (other !== undefined) throw refuse(`export one function as ${other} and ${name}`);
      exported.set(value, name);
    }
    const forms = topLevelForms(text);
    const unknown = forms.find(({ head }) => !keptForms.has(head) && !droppedForms.has(head));
    if (unknown) throw refuse(`have a ${unknown.head}, which cannot be linked`);
    const kept = forms.filter(({ head }) => keptForms.has(head)).map((form) => `  ${form.text}`);
    return {
      functions: signatures(forms, exported),
      text: renameIdentifiers(kept.join('\n'), exported),
      memory: initialMemory(module, text),
    };
  } finally {
    parsed.dispose();
  }
}
