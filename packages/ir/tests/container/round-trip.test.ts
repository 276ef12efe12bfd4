import { bcrcCodec } from '@grim/bcr';
import {
  readArtefact,
  readProgram,
  writeArtefact,
  type Artefact,
  type MatrixCodec,
  type Provenance,
} from '../../src/index.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadConstants, storeConstants } from '../../src/container/constants.ts';
import { decodeGraphMessage, encodeGraph, graphFromMessage } from '../../src/container/graph-message.ts';
import { randomGraph } from '../support/random-graph.ts';
import { graphOf, node } from '../support/graphs.ts';
import { anyGraph } from './support/arbitrary-graphs.ts';
import { operators } from './support/arbitrary-operators.ts';
import { anyProgram } from './support/arbitrary-plans.ts';
import { sampleArtefact, sampleGraph } from './support/sample-artefact.ts';

const provenance: Provenance = { grimVersion: '0.1.0', options: {} };

const anyProvenance: fc.Arbitrary<Provenance> = fc.record(
  {
    grimVersion: fc.string(),
    sourceFile: fc.string({ unit: 'grapheme' }),
    sourceSha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    importer: fc.string(),
    options: fc
      .array(fc.tuple(fc.oneof(fc.string(), fc.constant('__proto__')), fc.string()))
      .map((entries): Record<string, string> => Object.fromEntries(entries)),
  },
  { noNullPrototype: true, requiredKeys: ['grimVersion', 'options'] },
);

function again(artefact: Artefact): Artefact {
  return readArtefact(writeArtefact(artefact));
}

describe('operators come back as they were', () => {
  test.each(Object.entries(operators))('%s', (_kind, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (op) => {
        const graph = graphOf({ nodes: [{ name: 'n', op, inputs: [], outputs: [] }] });
        const read = graphFromMessage(decodeGraphMessage(encodeGraph(graph, [])), new Map());
        expect(read.nodes[0]?.op).toStrictEqual(op);
      }),
    );
  });
});

test('graphs come back as they were, whatever is in them', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const { constants, parts } = storeConstants(graph, []);
      const weights = new Uint8Array(
        parts.reduce((end, { offset, bytes }) => Math.max(end, offset + bytes.length), 0),
      );
      for (const { offset, bytes } of parts) weights.set(bytes, offset);
      const message = decodeGraphMessage(encodeGraph(graph, constants));
      const read = graphFromMessage(message, loadConstants(message.constants, weights, []));
      expect(read).toStrictEqual(graph);
      expect([...read.constants.keys()]).toEqual([...graph.constants.keys()]);
    }),
  );
});

test('valid graphs come back from a file', () => {
  fc.assert(
    fc.property(fc.gen(), (generate) => {
      const graph = randomGraph(generate);
      expect(again({ graph, provenance })).toStrictEqual({ graph, provenance });
    }),
  );
});

test('compiled programs come back, whole or alone', () => {
  fc.assert(
    fc.property(
      anyProgram,
      fc.uint8Array(),
      fc.constantFrom('raw', 'bytePlanes'),
      (program, code, imageEncoding) => {
        const codes = { code, ...(program.plan.relaxedFeatures && { relaxedCode: code.toReversed() }) };
        const artefact = { ...program, ...codes, provenance };
        const file = writeArtefact(artefact, { imageEncoding });
        expect(readArtefact(file)).toStrictEqual(artefact);
        expect(readProgram(file)).toStrictEqual({ ...program, ...codes });
      },
    ),
  );
});

test('provenance comes back', () => {
  fc.assert(
    fc.property(anyProvenance, (given) => {
      expect(again({ provenance: given })).toStrictEqual({ provenance: given });
    }),
  );
});

test('any choice of sections comes back', () => {
  const { graph, plan, code, image } = sampleArtefact;
  for (let choice = 0; choice < 32; choice++) {
    const artefact: Artefact = {
      ...(choice & 1 && { graph }),
      ...(choice & 2 && { plan }),
      ...(choice & 4 && { code }),
      ...(choice & 8 && { image }),
      ...(choice & 16 && { relaxedCode: Uint8Array.of(1, 2, 3) }),
      provenance,
    };
    expect(again(artefact)).toStrictEqual(artefact);
  }
});

test('a file is the same every time it is written, and again after it was read', () => {
  const file = writeArtefact(sampleArtefact, { codecs: [bcrcCodec] });
  expect(writeArtefact(sampleArtefact, { codecs: [bcrcCodec] })).toEqual(file);
  expect(writeArtefact(readArtefact(file, { codecs: [bcrcCodec] }), { codecs: [bcrcCodec] })).toEqual(file);
});

test('pruned weights take the compact form and come back with the same zeros', () => {
  const dense = writeArtefact(sampleArtefact);
  const compact = writeArtefact(sampleArtefact, { codecs: [bcrcCodec] });
  expect(compact.length).toBeLessThan(dense.length - 1000);
  const read = readArtefact(compact, { codecs: [bcrcCodec] });
  expect(read).toStrictEqual(sampleArtefact);
});

/** Stores positions and values of what is not zero. */
const listCodec: MatrixCodec = {
  id: 'list',
  encode: (values) =>
    new Uint8Array(Float32Array.from([...values].flatMap((v, i) => (v === 0 ? [] : [i, v]))).buffer),
  decode: (bytes, rows, columns) => {
    const list = new Float32Array(bytes.slice().buffer);
    const values = new Float32Array(rows * columns);
    for (let at = 0; at < list.length; at += 2) values[list[at] ?? 0] = list[at + 1] ?? 0;
    return values;
  },
};

function graphWithWeights(data: Float32Array): Artefact {
  const graph = graphOf({
    inputs: [{ name: 'x', shape: [data.length / 4] }],
    outputs: [{ name: 'y', value: 'y' }],
    constants: new Map([['w', { shape: [4, data.length / 4], data }]]),
    nodes: [
      {
        ...node({ kind: 'linear' }, ['x', 'w'], 'y'),
        weights: [{ input: 1, bcr: { blockRows: 4, blockColumns: 4, rate: 2 } }],
      },
    ],
  });
  return { graph, provenance };
}

describe('a codec', () => {
  const mostlyZero = new Float32Array(4096);
  mostlyZero.fill(0.5, 0, 40);

  test('is used when it gains', () => {
    const artefact = graphWithWeights(mostlyZero);
    const file = writeArtefact(artefact, { codecs: [listCodec] });
    expect(file.length).toBeLessThan(1000);
    expect(readArtefact(file, { codecs: [listCodec] })).toStrictEqual(artefact);
  });

  test('is not used when it gains nothing, declines, or gains so much that a reader would refuse', () => {
    const full = new Float32Array(4096).fill(1);
    const nearlyEmpty = new Float32Array(4096);
    nearlyEmpty[5] = 1;
    const declining: MatrixCodec = { ...listCodec, encode: () => undefined };
    for (const [data, codec] of [
      [full, listCodec],
      [nearlyEmpty, listCodec],
      [mostlyZero, declining],
    ] as const) {
      const artefact = graphWithWeights(data);
      const file = writeArtefact(artefact, { codecs: [codec] });
      expect(file.length).toBeGreaterThan(4 * 4096);
      expect(readArtefact(file)).toStrictEqual(artefact);
    }
  });

  test('may drop the sign of a zero but no value', () => {
    const data = mostlyZero.slice();
    data[100] = -0;
    const file = writeArtefact(graphWithWeights(data), { codecs: [listCodec] });
    const read = readArtefact(file, { codecs: [listCodec] }).graph?.constants.get('w')?.data ?? [];
    expect([...read].every((value, index) => value === data[index])).toBe(true);
    const lossy: MatrixCodec = {
      ...listCodec,
      decode: (_bytes, rows, columns) => new Float32Array(rows * columns),
    };
    expect(() => writeArtefact(graphWithWeights(data), { codecs: [lossy] })).toThrow(
      'codec list does not give back the [4,1024] weights it was given',
    );
  });

  test('sees only weights with a specification, as rows and columns', () => {
    const seen: string[] = [];
    const watching: MatrixCodec = {
      ...listCodec,
      encode: (_values, rows, columns, spec) => {
        seen.push(`${rows}x${columns} in ${spec.blockRows}x${spec.blockColumns}`);
        return undefined;
      },
    };
    writeArtefact({ graph: sampleGraph, provenance }, { codecs: [watching] });
    expect(seen).toEqual(['32x16 in 4x16', '32x8 in 4x8', '24x8 in 4x8', '16x8 in 4x8']);
  });
});

describe('memory', () => {
  test('code and dense weights are views of an aligned file', () => {
    const file = writeArtefact(sampleArtefact);
    const { code, graph } = readArtefact(file);
    expect(code?.buffer).toBe(file.buffer);
    for (const { data } of graph?.constants.values() ?? []) {
      expect(data.buffer).toBe(file.buffer);
      expect(data.byteOffset % 16).toBe(0);
    }
  });

  test('a file at an odd address reads the same', () => {
    const file = writeArtefact(sampleArtefact);
    for (let shift = 1; shift < 4; shift++) {
      const shifted = new Uint8Array(file.length + shift);
      shifted.set(file, shift);
      expect(readArtefact(shifted.subarray(shift))).toStrictEqual(sampleArtefact);
    }
  });

  test('what was given is left alone, Buffers included', () => {
    const image = Buffer.from(Uint8Array.from({ length: 37 }, (_, index) => index));
    const file = Buffer.from(writeArtefact({ image, provenance }));
    expect([...image]).toEqual(Array.from({ length: 37 }, (_, index) => index));
    const read = readArtefact(file);
    expect([...(read.image ?? [])]).toEqual([...image]);
  });
});
