import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { leakyFile } from './support/leaky-model.ts';

interface Growth {
  /** Bytes that 1,000 calls allocated on the JavaScript heap. */
  readonly few: number;
  /** Bytes that 200,000 calls allocated. */
  readonly many: number;
}

let report: Readonly<Record<string, Growth>>;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'grim-allocation-'));
  const file = join(folder, 'leaky.grim');
  await writeFile(file, leakyFile());
  const measure = fileURLToPath(new URL('support/measure-allocation.ts', import.meta.url));
  const engine = ['--expose-gc', '--min-semi-space-size=32', '--max-semi-space-size=32'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...engine, '--conditions=@grim/source', '--import=tsx', measure, file],
    { cwd: fileURLToPath(new URL('..', import.meta.url)) },
  );
  await rm(folder, { recursive: true });
  report = JSON.parse(stdout) as Record<string, Growth>;
}, 120_000);

// The smallest object takes 12 bytes, so one per call would show as 2.4 MB. What remains is the engine's own upkeep.
const upkeep = 64 * 1024;

test.each(['step', 'run', 'runOnWrittenInput', 'switchSessions'])('%s allocates nothing per call', (name) => {
  const { few = NaN, many = NaN } = report[name] ?? {};
  expect(many - few).toBeLessThan(upkeep);
  expect(many).toBeLessThan(upkeep);
});

test('the measurement sees an object per call', () => {
  expect(report['control']?.many).toBeGreaterThan(200_000 * 12);
});
