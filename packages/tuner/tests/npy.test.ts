import { GrimError } from '@grim/ir';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNpy, writeNpy } from '../src/index.ts';

/** A file of format version 1 with this header and data. */
function npy(header: string, data: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const start = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + text.length + data.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, start);
  bytes.set(data, start + text.length);
  return bytes;
}

const header = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

test('what is written is read back bit for bit, aligned as NumPy does it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }).chain((shape) => {
        const length = shape.reduce((product, extent) => product * extent, 1);
        return fc.record({
          shape: fc.constant(shape),
          data: fc.float32Array({ minLength: length, maxLength: length }),
        });
      }),
      (tensor) => {
        const bytes = writeNpy(tensor);
        expect((bytes.length - tensor.data.byteLength) % 64).toBe(0);
        expect(readNpy(bytes)).toEqual(tensor);
      },
    ),
  );
});

test('the bytes are those that NumPy writes', () => {
  const bytes = writeNpy({ shape: [2], data: Float32Array.of(1, -2) });
  // numpy.save of numpy.array([1, -2], dtype='float32')
  const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".padEnd(117) + '\n';
  expect(Buffer.from(bytes).toString('latin1')).toBe(
    `\x93NUMPY\x01\x00\x76\x00${text}\x00\x00\x80\x3f\x00\x00\x00\xc0`,
  );
});

describe('element types', () => {
  test.each([
    ['<f4', bytesOf(Float32Array.of(1.5, -2))],
    ['<f8', bytesOf(Float64Array.of(1.5, -2))],
    ['>f4', Uint8Array.of(0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0)],
  ])('%s', (descr, data) => {
    expect([...readNpy(npy(header(descr, '(2,)'), data)).data]).toEqual([1.5, -2]);
  });

  test.each([
    ['|i1', bytesOf(Int8Array.of(-3, 7))],
    ['<i2', bytesOf(Int16Array.of(-3, 7))],
    ['>i2', Uint8Array.of(0xff, 0xfd, 0, 7)],
    ['<i4', bytesOf(Int32Array.of(-3, 7))],
    ['<i8', bytesOf(BigInt64Array.of(-3n, 7n))],
  ])('%s', (descr, data) => {
    expect([...readNpy(npy(header(descr, '(2,)'), data)).data]).toEqual([-3, 7]);
  });

  test('unsigned integers keep their range', () => {
    expect([...readNpy(npy(header('|u1', '(1,)'), Uint8Array.of(200))).data]).toEqual([200]);
    expect([...readNpy(npy(header('<u8', '(1,)'), bytesOf(BigUint64Array.of(2n ** 63n)))).data]).toEqual([
      2 ** 63,
    ]);
  });

  test('an integer that is no 32-bit float is refused, with its place', () => {
    const data = bytesOf(Int32Array.of(0, 2 ** 24 + 1));
    expect(() => readNpy(npy(header('<i4', '(2,)'), data))).toThrow(/element 1 is 16777217/);
  });
});

test('versions 2 and 3 and any order of keys are read', () => {
  const data = bytesOf(Float32Array.of(4));
  const reordered = "{'shape':(1,1),'fortran_order':False,'descr':'<f4'}";
  for (const version of [2, 3]) expect(readNpy(npy(reordered, data, version)).shape).toEqual([1, 1]);
});

test.each([
  ['nothing', new Uint8Array(0), /not a .npy file/],
  ['text', new TextEncoder().encode('hello, world'), /not a .npy file/],
  ['a version of the future', npy(header('<f4', '()'), new Uint8Array(4), 9), /version 9/],
  ['a header beyond the end', npy(header('<f4', '()')).subarray(0, 30), /header of 56 bytes/],
  ['too few bytes', npy(header('<f4', '(2,)'), new Uint8Array(7)), /7 bytes of data.*needs 8/],
  ['too many bytes', npy(header('<f4', '(2,)'), new Uint8Array(9)), /9 bytes of data/],
  ['a huge shape', npy(header('<f4', '(4294967296, 4294967296)')), /0 bytes of data/],
  ['an overlong number', npy(header('<f4', '(99999999999999999999,)')), /header has/],
  ['Fortran order', npy(header('<f4', '(1, 1)', 'True'), new Uint8Array(4)), /ascontiguousarray/],
  ['half floats', npy(header('<f2', '(1,)'), new Uint8Array(2)), /<f2.*astype/],
  ['objects', npy(header('|O', '(1,)'), new Uint8Array(4)), /\|O/],
  [
    'a structured type',
    npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
    /not understood/,
  ],
  ['a missing key', npy("{'descr': '<f4', 'shape': ()}"), /each once/],
  ['another key', npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': ()}"), /each once/],
  ['something after it', npy("{'descr': '<f4', 'fortran_order': False, 'shape': ()} 1"), /goes on/],
  ['a negative extent', npy(header('<f4', '(-1,)')), /not understood/],
])('%s is refused', (_, bytes, problem) => {
  expect(() => readNpy(bytes)).toThrow(GrimError);
  expect(() => readNpy(bytes)).toThrow(problem);
});

test('mutated files are read or refused, never more than the bytes that are there', () => {
  const original = writeNpy({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(original.length),
      (changes, length) => {
        const bytes = original.slice(0, length);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          expect(readNpy(bytes).data.byteLength).toBeLessThanOrEqual(bytes.length * 8);
        } catch (error) {
          expect(error).toBeInstanceOf(GrimError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
