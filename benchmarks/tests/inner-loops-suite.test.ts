import { expect, test } from 'vitest';
import { blockLoop } from '../src/measuring/block-loop.ts';
import { columnLoop } from '../src/measuring/column-loop.ts';
import { strictMultiplyAdd } from '../src/measuring/multiply-add-peak.ts';
import { ADDING, measureBlocks } from '../src/suites/inner-loops/measure-blocks.ts';
import { MULTIPLYING } from '../src/suites/limits/measure-growth.ts';

test('a loop over columns counts what it multiplies', async () => {
  const one = await columnLoop(1, 7, strictMultiplyAdd);
  const two = await columnLoop(2, 4, strictMultiplyAdd);
  expect(two.macs / one.macs).toBeCloseTo(8 / 7);
  expect(two.run).not.toThrow();
});

test('a loop over blocks counts what it multiplies, and adds to rows of the matrix only', async () => {
  const { run, macs } = await blockLoop({ blocks: 6, rows: 16, columns: 13, matrixRows: 40 });
  expect(macs).toBe(6 * 16 * 13);
  expect(run).not.toThrow();
});

test('a product stands beside CSR and loops that leave parts of it out', async () => {
  const shape = { kind: 'linear', name: 'product', rows: 96, columns: 512 } as const;
  const rows = await measureBlocks(shape, 64, { rounds: 1, roundMilliseconds: 1 });
  expect(rows.map(({ side }) => side)).toEqual(['GRIM pruned', 'CSR', ADDING, MULTIPLYING]);
  const csr = rows.find(({ side }) => side === 'CSR');
  expect(csr?.vs_csr).toBe(1);
  for (const { useful_gmacs } of rows) expect(useful_gmacs).toBeGreaterThan(0);
});
