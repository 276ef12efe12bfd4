import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readWav, writeWav } from '@grim/speech';
import { expect, onTestFinished, test } from 'vitest';
import type { DemoReport } from '../src/demo-report.ts';

const program = join(import.meta.dirname, '../src/main.ts');

/** Runs the demo as npm does. */
function demo(...words: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(
    process.execPath,
    ['--conditions=@grim/source', '--import', 'tsx', program, ...words],
    { maxBuffer: 1e8 },
  );
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'grim-demo-'));
  onTestFinished(() => {
    rmSync(made, { recursive: true });
  });
  return made;
}

test('the demo goes all the way and writes what it says', { timeout: 300_000 }, async () => {
  const out = folder();
  const { stdout, stderr } = await demo('--out', out, '--json');
  const report = JSON.parse(stdout) as DemoReport;

  expect(stderr).toContain('[6/6]');
  expect(report.imported.layers.map(({ kind }) => kind)).toContain('lstm');
  for (const { rate, report: pruning } of report.pruned) {
    for (const weight of pruning.weights) {
      if (weight.outcome === 'dense') continue;
      expect(weight.achievedRate).toBeCloseTo(rate, 0);
      expect(weight.bcrcBytes).toBeLessThan(weight.csrBytes);
      expect(weight.csrBytes).toBeLessThan(weight.denseBytes);
    }
  }

  expect(report.stream.segments).toHaveLength(1);
  const [segment] = report.stream.segments;
  expect((segment?.end ?? 0) - (segment?.start ?? 0)).toBeCloseTo(1.5, 0);
  for (const file of report.files) expect(existsSync(file), file).toBe(true);
  expect(JSON.parse(readFileSync(join(out, 'segments.json'), 'utf8'))).toHaveLength(1);
  const speech = readWav(readFileSync(join(out, 'speech-only.wav')));
  expect((speech.channels[0]?.length ?? 0) / speech.sampleRate).toBeCloseTo(
    (segment?.end ?? 0) - (segment?.start ?? 0),
    3,
  );

  const [dense, , pruned, web] = report.comparison.sides;
  expect(dense?.agreement).toMatchObject({ agreement: 1 });
  expect(dense?.agreement.maxAbsDiff).toBeLessThan(1e-4);
  expect(pruned?.modelGzipBytes).toBeLessThan((dense?.modelGzipBytes ?? 0) / 2);
  expect(web?.agreement.maxAbsDiff).toBe(0);
});

test('a file that is no recording is refused in one line', { timeout: 120_000 }, async () => {
  const made = folder();
  const text = join(made, 'text.wav');
  writeFileSync(text, 'not a recording');
  const broken = join(made, 'nan.wav');
  writeFileSync(broken, notANumber());
  for (const file of [text, broken, join(made, 'missing.wav')]) {
    const refusal = demo('--wav', file, '--out', join(made, 'out'));
    await expect(refusal).rejects.toMatchObject({ code: 2, stdout: '' });
    const { stderr } = (await refusal.catch((error: unknown) => error)) as { stderr: string };
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(file);
  }
});

/** A float WAV file with one sample that is not a number. */
function notANumber(): Uint8Array {
  const bytes = writeWav({ sampleRate: 16000, channels: [new Float32Array(1000)] }, { format: 'float32' });
  new DataView(bytes.buffer, bytes.byteOffset).setFloat32(bytes.length - 400, Number.NaN, true);
  return bytes;
}
