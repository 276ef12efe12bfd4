import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountBytes,
  csrByteLength,
  decodeCsr,
  decodeCsrBytes,
  encodeBcrc,
  encodeBcrcBytes,
  encodeCsr,
  encodeCsrBytes,
  multiplyMatrix,
} from '../src/index.ts';
import { filledMatrix, rowPrunedMatrix, sparseArbitrary } from './matrices.ts';

describe('CSR', () => {
  it('round-trips through arrays and bytes', () => {
    fc.assert(
      fc.property(sparseArbitrary, ({ matrix }) => {
        const csr = encodeCsr(matrix);
        const bytes = encodeCsrBytes(csr);
        expect(bytes.length).toBe(csrByteLength(csr));
        expect(decodeCsrBytes(bytes)).toEqual(csr);
        expect(decodeCsr(csr).values).toEqual(matrix.values.map((value) => (value === 0 ? 0 : value)));
      }),
    );
  });

  it('refuses truncated, longer and mutated bytes with RangeError only', () => {
    const original = encodeCsrBytes(encodeCsr(rowPrunedMatrix(16, 24, { blockRows: 4, blockColumns: 8 })));
    for (let length = 0; length < original.length; length++) {
      expect(() => decodeCsrBytes(original.subarray(0, length))).toThrow(RangeError);
    }
    fc.assert(
      fc.property(fc.nat({ max: original.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const bytes = original.slice();
        bytes[at] = value;
        try {
          const csr = decodeCsrBytes(bytes);
          expect(csr.rowOffset.at(-1)).toBe(csr.values.length);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('uses wide indices beyond 65,535 columns', () => {
    const values = new Float32Array(70_000);
    values[69_999] = 3;
    const bytes = encodeCsrBytes(encodeCsr({ rows: 1, columns: 70_000, values }));
    expect(bytes[5]).toBe(4);
    expect(decodeCsr(decodeCsrBytes(bytes)).values).toEqual(values);
  });
});

describe('accountBytes', () => {
  it('counts what is really written', () => {
    fc.assert(
      fc.property(sparseArbitrary, ({ matrix, grid }) => {
        const account = accountBytes(matrix, grid);
        expect(account.dense).toBe(matrix.rows * matrix.columns * 4);
        expect(account.bcrc.total).toBe(encodeBcrcBytes(encodeBcrc(matrix, grid)).length);
        expect(account.bcrc.weights + account.bcrc.indices).toBe(account.bcrc.total);
        expect(account.csr.total).toBe(encodeCsrBytes(encodeCsr(matrix)).length);
        expect(account.csr.weights).toBe(account.nonZeros * 4);
      }),
    );
  });

  it('shows BCRC below CSR where blocks share their lists, and the form chosen', () => {
    const grid = { blockRows: 16, blockColumns: 16 };
    const account = accountBytes(rowPrunedMatrix(64, 64, grid), grid);
    expect(account.bcrc.form).toBe('blocked');
    expect(account.bcrc.weights).toBe(account.csr.weights);
    expect(account.bcrc.indices).toBeLessThan(account.csr.indices);
    expect(account.bcrc.total).toBeLessThan(account.dense);
  });
});

describe('multiplyMatrix', () => {
  it('computes a product known by hand and refuses shapes that do not fit', () => {
    const left = { rows: 2, columns: 3, values: Float32Array.of(1, 2, 3, 4, 5, 6) };
    const right = { rows: 3, columns: 2, values: Float32Array.of(1, 0, 0, 1, 2, 2) };
    expect([...multiplyMatrix(left, right).values]).toEqual([7, 8, 16, 17]);
    expect(() => multiplyMatrix(left, filledMatrix(2, 2))).toThrow(/2x3.*2x2/);
  });
});
