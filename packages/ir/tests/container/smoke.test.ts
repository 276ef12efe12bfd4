import { expect, test } from 'vitest';
import { readArtefact, readProgram, writeArtefact, type Artefact } from '../../src/index.ts';

const artefact: Artefact = {
  plan: {
    model: 'm',
    memoryBytes: 1024,
    imageOffset: 0,
    inputs: [{ name: 'x', shape: [4], offset: 64 }],
    outputs: [{ name: 'y', shape: [4], offset: 80 }],
    states: [{ name: 's', shape: [2], offset: 96, initial: Float32Array.of(1, 2) }],
    calls: [
      {
        entry: 'call0',
        node: 'n',
        kernel: 'k',
        family: 'f',
        path: 'dense',
        macs: 2 ** 40,
        weightBytes: 12,
        result: { value: 'y', shape: [4], offset: 80, strides: [1] },
      },
    ],
    features: ['simd128'],
  },
  code: Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
  image: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
  graph: {
    name: 'g',
    inputs: [{ name: 'x', shape: [1, 2] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([['w', { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) }]]),
    nodes: [
      {
        name: 'n',
        op: { kind: 'linear' },
        inputs: ['x', 'w', null],
        outputs: ['y'],
        weights: [
          { input: 1, bcr: { blockRows: 1, blockColumns: 2, rate: 2 }, schedule: { a: 1, b: 'x', c: true } },
        ],
      },
    ],
  },
  provenance: { grimVersion: '0.1.0', options: { a: 'b' } },
};
test('smoke', () => {
  const bytes = writeArtefact(artefact);
  expect(readArtefact(bytes)).toStrictEqual(artefact);
  expect(readProgram(bytes)).toStrictEqual({
    plan: artefact.plan,
    code: artefact.code,
    image: artefact.image,
  });
});
