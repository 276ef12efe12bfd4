import { expect, test } from 'vitest';
import { memoryRead } from '../src/measuring/memory-read.ts';
import { measureGrowth, MULTIPLYING } from '../src/suites/limits/measure-growth.ts';
import { measureReading, READING } from '../src/suites/limits/measure-reading.ts';

const timing = { rounds: 1, roundMilliseconds: 1 };

test.each(['exclusive-or', 'multiply-add'] as const)('a loop of %s reads whole turns', async (use) => {
  const { run, bytes } = await memoryRead(1000, use);
  expect(bytes).toBe(1024);
  expect(run).not.toThrow();
});

test('a product stands beside CSR and the loop over its weights', async () => {
  const shape = { kind: 'linear', name: 'product', rows: 96, columns: 512 } as const;
  const rows = await measureGrowth('product', [shape], timing);
  expect(rows.map(({ side }) => side)).toEqual(['GRIM pruned', 'CSR', MULTIPLYING]);
  for (const { peak_fraction } of rows) expect(peak_fraction).toBeGreaterThan(0);
});

test('an image counts what is read and written', async () => {
  const shape = {
    kind: 'conv',
    name: 'image',
    inputs: 16,
    outputs: 16,
    kernel: 3,
    stride: 1,
    size: 8,
  } as const;
  const [pruned, csr] = await measureGrowth('image', [shape], timing);
  const values = 2 * 16 * 8 * 8 * 4;
  expect(pruned?.bytes).toBeGreaterThan(values);
  expect(csr?.bytes).toBeGreaterThan(pruned?.bytes ?? 0);
});

test('a step stands beside loops that read as much', async () => {
  const rows = await measureReading({ kind: 'gru', name: 'step', inputs: 64, hidden: 64 }, timing);
  expect(rows.map(({ side }) => side)).toEqual([
    'GRIM pruned',
    READING,
    'GRIM dense',
    'onnxruntime-web',
    READING,
  ]);
  expect(rows.map(({ bytes }) => bytes)).toEqual([...rows.map(({ bytes }) => bytes)].sort((a, b) => a - b));
});
