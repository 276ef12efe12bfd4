import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBytePlanes, toBytePlanes } from '../../src/container/byte-planes.ts';

test('planes hold the first bytes of all words, then the second, and the rest at the end', () => {
  expect([...toBytePlanes(Uint8Array.of(0, 1, 2, 3, 10, 11, 12, 13, 99, 98))]).toEqual([
    0, 10, 1, 11, 2, 12, 3, 13, 99, 98,
  ]);
});

test('planes give the bytes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      expect(fromBytePlanes(toBytePlanes(bytes))).toEqual(bytes);
    }),
  );
  const long = Uint8Array.from({ length: 100_003 }, (_, index) => index * 31);
  expect(fromBytePlanes(toBytePlanes(long))).toEqual(long);
});
