import { spawn } from 'node:child_process';

import { GrimError } from '@grim/ir';
import { onExit } from 'signal-exit';

/** A program to run, and the bounds within which it runs. */
export interface ProcessRequest {
  readonly program: string;
  readonly operands: readonly string[];
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Is given what the program writes to its standard output; that is kept where this is absent. */
  readonly onOutput?: (chunk: Uint8Array) => void;
}

/** How a program ended and what it said. */
export interface ProcessResult {
  /** Exit code; null where a signal ended it. */
  readonly status: number | null;
  /** Standard output, cut after {@link maximumTextBytes}. */
  readonly output: string;
  /** Standard error, cut likewise. */
  readonly errors: string;
}

/** Bytes of what a program says that are kept: a compiler that fails may say the same thing many thousand times. */
export const maximumTextBytes = 2 ** 20;

/** A daemon that a compiler wrapper leaves behind may hold its pipes open for ever; after this long they are closed. */
const closingMs = 1000;

/** Collects text up to the bound. */
class Text {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  add(chunk: Uint8Array): void {
    const part = chunk.subarray(0, maximumTextBytes - this.#bytes);
    if (part.length === 0) return;
    this.#bytes += part.length;
    this.#chunks.push(part);
  }

  toString(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

/** Ends a process and all that it started, as far as they did not leave its group. */
function killGroup(leader: number): void {
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL');
  } catch (error) {
    // The usual case: all of them have ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Runs a program to its end. It leads a process group of its own, so that what it starts (emcc starts clang, that starts a linker) ends
 * with it: when the time is over, when the signal aborts, and when this process ends.
 *
 * @throws GrimError when the program cannot be started or its time is over; the signal's reason when that aborts.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  const { program, operands, folder, environment, timeoutMs, signal, onOutput } = request;
  signal?.throwIfAborted();
  const [output, errors] = [new Text(), new Text()];
  const status = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(program, operands, {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const kill = (): void => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, timeoutMs);
    signal?.addEventListener('abort', kill);
    const forget = onExit(kill);
    let closing: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(timer);
      clearTimeout(closing);
      signal?.removeEventListener('abort', kill);
      // What the program left running in its group has nobody to work for.
      kill();
      forget();
    };

    child.stdout.on('data', (chunk: Uint8Array) => {
      if (onOutput) onOutput(chunk);
      else output.add(chunk);
    });
    child.stderr.on('data', (chunk: Uint8Array) => {
      errors.add(chunk);
    });
    child.on('error', (error) => {
      // Without a process nothing else follows.
      if (child.pid !== undefined) return;
      end();
      reject(new GrimError(`${program} cannot be run: ${error.message}`));
    });
    child.on('exit', () => {
      closing = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, closingMs);
    });
    child.on('close', (code) => {
      end();
      if (isLate) reject(new GrimError(`${program} did not end within ${timeoutMs} ms`));
      else resolve(code);
    });
  });
  signal?.throwIfAborted();
  return { status, output: output.toString(), errors: errors.toString() };
}
