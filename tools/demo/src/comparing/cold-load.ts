import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { StateNames } from '../silero/silero-variants.ts';

/** What a process is to load. */
export interface ColdLoadRequest {
  /** Path of the `.grim` or ONNX file. */
  readonly model: string;
  /** Where onnxruntime-web is imported from; absent for the GRIM runtime. */
  readonly onnxruntimeWeb?: string;
  /** Values in the model's input. */
  readonly inputSamples: number;
  /** Value of `sr`, for onnxruntime. */
  readonly sampleRate: number;
  /** The states that onnxruntime is given. */
  readonly states: readonly StateNames[];
}

/** What a process found. */
export interface ColdLoad {
  /** From the bytes of the model in memory to the first result, the engine's code being imported. */
  readonly milliseconds: number;
  /** That result, on silence: shows that something was computed. */
  readonly probability: number;
}

/** Loads models in fresh processes. */
export interface ColdLoader {
  readonly load: (request: ColdLoadRequest) => Promise<ColdLoad>;
  /** Removes the program that the processes run. */
  readonly close: () => void;
}

/**
 * Prepares to time loading as a page sees it: nothing compiled, nothing cached.
 *
 * Each load has a process of its own. One that compiled a model would not do: engines go on optimising the assembler,
 * itself a large WebAssembly module, for seconds, and whatever is loaded meanwhile waits. The processes run one bundle,
 * so that no loader of TypeScript is in the way.
 */
export async function prepareColdLoads(): Promise<ColdLoader> {
  const folder = mkdtempSync(join(tmpdir(), 'grim-cold-load-'));
  const program = join(folder, 'cold-load.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'cold-load-child.ts')],
    outfile: program,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    conditions: ['module', '@grim/source'],
    logLevel: 'silent',
  });
  return {
    load: async (request) => {
      const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(request)], {
        // Options meant for this process, such as a loader, are not meant for that one.
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      return JSON.parse(stdout) as ColdLoad;
    },
    close: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
