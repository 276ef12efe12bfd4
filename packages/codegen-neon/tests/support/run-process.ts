import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { buffer, text } from 'node:stream/consumers';

/** Leaks are looked for by tracing a process, which an emulated one cannot be. */
const environment = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };

/**
 * Runs a program, with a file as its standard input if there is one, and gives what it writes.
 *
 * @throws Error with what it wrote to its standard error when it does not end with 0
 */
export async function runProcess(command: readonly string[], inputFile?: string): Promise<Uint8Array> {
  const [program = '', ...operands] = command;
  const input = inputFile === undefined ? undefined : createReadStream(inputFile);
  if (input) await once(input, 'open');
  try {
    const child = spawn(program, operands, { stdio: [input ?? 'ignore', 'pipe', 'pipe'], env: environment });
    const [output, errors, [code, signal]] = await Promise.all([
      buffer(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[code: number | null, signal: string | null]>,
    ]);
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code ?? signal ?? ''}: ${errors}`);
    // A copy: slices of a `Buffer` would share its memory.
    return new Uint8Array(output);
  } finally {
    input?.destroy();
  }
}
