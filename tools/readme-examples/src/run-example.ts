import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Makes Node read TypeScript; an example in a package that is installed elsewhere needs its full address. */
const loader = new URL('../../typescript/src/register.mjs', import.meta.url).href;

/** How long an example may take, in milliseconds: a reader tries it and waits. */
const timeLimit = 60_000;

/**
 * Runs a file of TypeScript as a user would, in a process of its own.
 *
 * @param file - absolute path; packages are found from there
 * @param conditions - export conditions to resolve packages with, such as `@grim/source`
 * @returns what it printed
 * @throws Error with what it printed when it fails or takes longer than a minute
 */
export async function runExample(file: string, conditions: readonly string[] = []): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...conditions.map((condition) => `--conditions=${condition}`), '--import', loader, file],
    { timeout: timeLimit },
  );
  return stdout;
}
