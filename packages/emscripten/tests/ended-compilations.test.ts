import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { compileToWasm, findToolchain, type CompileOptions } from '@grim/emscripten';

import { fakeEmcc, fakeProgram } from './support/fake-program.ts';
import { useTemporaryFolder } from './support/temporary-folder.ts';

const folder = useTemporaryFolder();

/** An emcc that starts another program, as the real one does, notes its number, writes a temporary file and never ends. */
const hanging = (): string => `echo started > "$TMPDIR/left"
sleep 1000 &
echo $! > '${join(folder(), 'number')}.new'
mv '${join(folder(), 'number')}.new' '${join(folder(), 'number')}'
wait`;

const request = { sources: ['main.c'], files: { 'main.c': 'void run(void) {}' }, exports: ['run'] };

async function compile(script: string, options: CompileOptions = {}): Promise<unknown> {
  const path = fakeProgram(folder(), 'emcc', fakeEmcc('3.1.6', script));
  return compileToWasm(await findToolchain({ path }), request, options);
}

/** Waits until the program that the compiler started runs; its number. */
async function numberOfStarted(): Promise<number> {
  const file = join(folder(), 'number');
  while (!existsSync(file)) await sleep(10);
  return Number(readFileSync(file, 'utf8'));
}

function isRunning(number: number): boolean {
  try {
    // A process that ended and that nobody waits for yet is still there.
    return !readFileSync(`/proc/${String(number)}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** Waits until a program that was ended is gone. */
async function untilGone(number: number): Promise<void> {
  while (isRunning(number)) await sleep(10);
}

describe.skipIf(process.platform !== 'linux')('a compiler that does not end', () => {
  it('is ended with all that it started when the time is over', async () => {
    await expect(compile(hanging(), { timeoutMs: 500 })).rejects.toThrow(/emcc did not end within \d+ ms/);
    await untilGone(await numberOfStarted());
  });

  it('is ended with all that it started when the signal aborts', async () => {
    const controller = new AbortController();
    const compilation = compile(hanging(), { signal: controller.signal });
    const number = await numberOfStarted();
    expect(isRunning(number)).toBe(true);
    controller.abort(new Error('not wanted any more'));
    await expect(compilation).rejects.toThrow('not wanted any more');
    await untilGone(number);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('is ended with this process, by %s', async (signal) => {
    const path = fakeProgram(folder(), 'emcc', fakeEmcc('3.1.6', hanging()));
    const code = `import { compileToWasm, findToolchain } from '@grim/emscripten';
await compileToWasm(await findToolchain({ path: ${JSON.stringify(path)} }), ${JSON.stringify(request)});`;
    const root = join(import.meta.dirname, '../../..');
    const register = join(root, 'tools/typescript/src/register.mjs');
    const operands = ['--conditions=@grim/source', '--import', register, '--input-type=module', '-e', code];
    const child = spawn(process.execPath, operands, { cwd: import.meta.dirname, stdio: 'inherit' });
    const number = await numberOfStarted();
    child.kill(signal);
    const [status, endedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    expect([status, endedBy]).toEqual([null, signal]);
    await untilGone(number);
  });
});

describe('a compiler that fails', () => {
  it('is told in its own words where it gives no diagnostics', async () => {
    const compilation = await compile('echo something odd; echo happened >&2; exit 7');
    expect(compilation).toEqual({
      outcome: 'failed',
      diagnostics: [
        { severity: 'error', message: `${join(folder(), 'emcc')} ended with 7: happened something odd` },
      ],
    });
  });

  it('may be killed', async () => {
    const compilation = await compile('kill -9 $$');
    expect(compilation).toMatchObject({ outcome: 'failed', diagnostics: [{ severity: 'error' }] });
    expect(JSON.stringify(compilation)).toContain('was killed');
  });

  it('may write without end', async () => {
    const compilation = await compile(
      "i=0; while [ $i -lt 3000 ]; do echo 'main.c:1:1: error: again'; i=$((i + 1)); done >&2; exit 1",
    );
    expect(compilation).toMatchObject({ outcome: 'failed', diagnostics: { length: 1000 } });
  });

  it('may leave a program that holds its pipes', async () => {
    const compilation = await compile('sleep 1000 & echo "main.c:1:1: error: failed" >&2; exit 1');
    expect(compilation).toMatchObject({ outcome: 'failed' });
    expect(readdirSync(folder())).toEqual(['emcc']);
  });
});
