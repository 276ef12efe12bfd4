import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { requireToolchain } from '@grim/toolchains';

const run = promisify(execFile);

/** Whether the simulator that watches every access is installed. */
export const hasSimulator = requireToolchain('oclgrind') !== undefined;

/** Its library as the loader of OpenCL takes it; preloaded instead, it does not survive within Node. */
const driver = '/usr/lib/oclgrind/liboclgrind-rt-icd.so';

/**
 * Runs a program with the simulator as its only OpenCL device, which reports races, accesses out of bounds and wrong arguments.
 *
 * @returns What the program and the simulator write.
 */
export async function runSimulated(program: string, operands: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'grim-oclgrind-'));
  try {
    writeFileSync(join(folder, 'oclgrind.icd'), `${driver}\n`);
    const { stdout, stderr } = await run(program, operands, {
      env: {
        ...process.env,
        OCL_ICD_VENDORS: `${folder}/`,
        OCLGRIND_DATA_RACES: '1',
        OCLGRIND_CHECK_API: '1',
        OCLGRIND_UNINITIALIZED: '0',
      },
      maxBuffer: 2 ** 26,
    });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a file of TypeScript beside this one in that way. */
export const runSimulatedScript = (name: string): Promise<string> =>
  runSimulated(process.execPath, [
    '--conditions=@grim/source',
    '--import',
    new URL('../../../../tools/typescript/src/register.mjs', import.meta.url).href,
    join(import.meta.dirname, name),
  ]);
