import { crc32 as reference } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from '../../src/container/crc32.ts';

test('agrees with zlib at every length and alignment', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, index) => index * 37);
  for (let begin = 0; begin < 9; begin++) {
    for (let end = begin; end <= bytes.length; end++) {
      const part = bytes.subarray(begin, end);
      expect(crc32(part)).toBe(reference(part));
    }
  }
});

test('agrees with zlib on long random bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16_000, maxLength: 40_000 }),
      fc.nat({ max: 7 }),
      (bytes, begin) => {
        const part = bytes.subarray(begin);
        expect(crc32(part)).toBe(reference(part));
      },
    ),
    { numRuns: 20 },
  );
});
