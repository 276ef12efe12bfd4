import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { type SectionEncoding, SectionKind, type Header } from '../../src/gen/grim/v1/container_pb.ts';
import { GraphSchema, type Graph as GraphMessage } from '../../src/gen/grim/v1/graph_pb.ts';
import { PlanSchema } from '../../src/gen/grim/v1/plan_pb.ts';
import { GrimError, readArtefact, readProgram, writeArtefact, type MatrixCodec } from '../../src/index.ts';
import { sampleArtefact } from './support/sample-artefact.ts';
import { decodeGraphMessage } from '../../src/container/graph-message.ts';
import { edited, headerOf, sectionOf, withSection } from './support/seal.ts';

const file = writeArtefact(sampleArtefact);

function refusalOf(bytes: Uint8Array, codecs: MatrixCodec[] = []): string {
  try {
    readArtefact(bytes, { file: 'f.grim', codecs });
  } catch (error) {
    if (!(error instanceof GrimError)) throw error;
    expect(error.context.file).toBe('f.grim');
    return error.message;
  }
  throw new Error('the file was not refused');
}

function withWord(at: number, value: number): Uint8Array {
  const changed = file.slice();
  new DataView(changed.buffer).setUint32(at, value, true);
  return changed;
}

describe('preamble and header', () => {
  test.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'f.grim: 0 bytes are too few for a .grim file'],
    ['fifteen bytes', file.slice(0, 15), 'f.grim: 15 bytes are too few for a .grim file'],
    ['another format', withWord(0, 0x04034b50), 'f.grim: is not a .grim file'],
    ['a later schema', withWord(4, 2), 'f.grim: has schema version 2; this release reads version 1'],
    [
      'a header longer than the file',
      withWord(8, 0xffffffff),
      `f.grim: header: claims 4294967295 bytes, at most ${file.length - 16} are possible`,
    ],
  ])('%s is refused', (_case, bytes, message) => {
    expect(refusalOf(bytes)).toBe(message);
  });

  test('a damaged header is refused', () => {
    const damaged = file.slice();
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    expect(refusalOf(damaged)).toMatch(
      /^f\.grim: header: checksum mismatch, the file is damaged: expected [0-9a-f]{8}, got [0-9a-f]{8}$/,
    );
  });

  test('a header without provenance and one with a bad hash are refused', () => {
    expect(refusalOf(edited(file, (header) => delete header.provenance))).toBe(
      'f.grim: header: has no provenance',
    );
    const badHash = edited(file, ({ provenance }) => {
      if (provenance) provenance.sourceSha256 = 'x'.repeat(64);
    });
    expect(refusalOf(badHash)).toBe(
      'f.grim: header: has a source SHA-256 that is not 64 lowercase hexadecimal digits',
    );
  });
});

describe('the table of sections', () => {
  const { length } = file;
  const plan = sectionOf(headerOf(file), SectionKind.PLAN);
  const image = sectionOf(headerOf(file), SectionKind.IMAGE);
  const code = sectionOf(headerOf(file), SectionKind.CODE);
  const weights = sectionOf(headerOf(file), SectionKind.WEIGHTS);
  test.each<[string, (header: Header) => void, string]>([
    [
      'off alignment',
      (header) => (sectionOf(header, SectionKind.IMAGE).offset += 4),
      `f.grim: section image: starts at byte ${image.offset + 4}, which is not a multiple of 64`,
    ],
    [
      'inside the header',
      (header) => (sectionOf(header, SectionKind.PLAN).offset = 0),
      'f.grim: section plan: starts at byte 0, inside what ends at byte ',
    ],
    [
      'inside another',
      (header) => (sectionOf(header, SectionKind.CODE).offset = plan.offset),
      `f.grim: section code: starts at byte ${plan.offset}, inside what ends at byte ${plan.offset + plan.length}`,
    ],
    [
      'reaching into the next',
      (header) => (sectionOf(header, SectionKind.CODE).length += 64),
      `f.grim: section image: starts at byte ${image.offset}, inside what ends at byte ${code.offset + code.length + 64}`,
    ],
    [
      'past the end',
      (header) => (sectionOf(header, SectionKind.WEIGHTS).length += 1),
      `f.grim: section weights: ends at byte ${length + 1}, the file at byte ${length}`,
    ],
    [
      'of 4 GiB',
      (header) => (sectionOf(header, SectionKind.WEIGHTS).length = 0xffffffff),
      `f.grim: section weights: ends at byte ${weights.offset + 0xffffffff}, the file at byte ${length}`,
    ],
    [
      'twice',
      (header) => (sectionOf(header, SectionKind.IMAGE).kind = SectionKind.CODE),
      'f.grim: section code: occurs twice',
    ],
    [
      'in an unknown encoding',
      (header) => (sectionOf(header, SectionKind.IMAGE).encoding = 9 as SectionEncoding),
      'f.grim: section image: has encoding 9, which this release does not know',
    ],
  ])('a section %s is refused', (_case, edit, message) => {
    const problem = refusalOf(edited(file, edit));
    expect(problem.slice(0, message.length)).toBe(message);
  });

  test('bytes after the last section are refused', () => {
    const longer = new Uint8Array(file.length + 3);
    longer.set(file);
    expect(refusalOf(longer)).toBe('f.grim: 3 bytes follow the last section');
  });

  test('every truncation is refused', () => {
    for (let end = 0; end < file.length; end += 7)
      expect(refusalOf(file.slice(0, end))).toMatch(/^f\.grim: /);
  });

  test.each(['plan', 'code', 'image', 'graph', 'weights'] as const)(
    'damage in section %s names it',
    (name) => {
      const kind = SectionKind[name.toUpperCase() as keyof typeof SectionKind];
      const { offset, length: sectionLength } = sectionOf(headerOf(file), kind);
      const damaged = file.slice();
      const at = offset + (sectionLength >> 1);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect(refusalOf(damaged)).toMatch(new RegExp(`^f\\.grim: section ${name}: checksum mismatch`));
    },
  );

  test('sections of later releases are skipped', () => {
    const { code: _code, ...rest } = sampleArtefact;
    const later = edited(file, (header) => (sectionOf(header, SectionKind.CODE).kind = 77 as SectionKind));
    expect(readArtefact(later)).toStrictEqual(rest);
  });

  test.each(['plan', 'code', 'image'] as const)('a program without its %s is refused by name', (name) => {
    const { [name]: _missing, ...rest } = sampleArtefact;
    expect(() => readProgram(writeArtefact(rest), 'f.grim')).toThrow(
      new GrimError(`the file has no ${name} section`, { file: 'f.grim', layer: `section ${name}` }),
    );
  });

  test('a program that promises relaxed code and has none is refused by name', () => {
    const { plan, ...rest } = sampleArtefact;
    if (!plan) throw new Error('the sample has no plan');
    const promising = writeArtefact({ ...rest, plan: { ...plan, relaxedFeatures: ['relaxed-simd'] } });
    expect(() => readProgram(promising, 'f.grim')).toThrow(
      new GrimError('the file has no relaxed code section', {
        file: 'f.grim',
        layer: 'section relaxed code',
      }),
    );
  });

  test('a graph without weights is refused by name', () => {
    const without = edited(
      file,
      (header) => (sectionOf(header, SectionKind.WEIGHTS).kind = 77 as SectionKind),
    );
    expect(refusalOf(without)).toBe('f.grim: section weights: the file has no weights section');
  });

  test('a program is read though the graph beside it is damaged', () => {
    const damaged = file.slice();
    const { offset } = sectionOf(headerOf(file), SectionKind.GRAPH);
    damaged[offset] = (damaged[offset] ?? 0) ^ 1;
    expect(readProgram(damaged).plan).toStrictEqual(sampleArtefact.plan);
    expect(refusalOf(damaged)).toMatch(/^f\.grim: section graph: checksum mismatch/);
  });
});

describe('messages', () => {
  test.each([
    ['plan', SectionKind.PLAN],
    ['graph', SectionKind.GRAPH],
  ] as const)('a %s that is no message is refused', (name, kind) => {
    const problem = refusalOf(withSection(file, kind, Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f)));
    expect(problem).toMatch(new RegExp(`^f\\.grim: section ${name}: is not a \\w+ message: `));
    expect(problem).not.toContain('\n');
  });

  test('nesting is bounded', () => {
    // Groups of an unknown field, one inside the other.
    const nested = new Uint8Array(100_000).fill(0xfb);
    expect(refusalOf(withSection(file, SectionKind.PLAN, nested))).toMatch(
      /^f\.grim: section plan: is not a Plan message: /,
    );
  });

  test('multiply-adds beyond what a number holds are refused', () => {
    const plan = toBinary(
      PlanSchema,
      create(PlanSchema, { memoryBytes: 4096, calls: [{ entry: 'e', macs: 2n ** 60n }] }),
    );
    expect(refusalOf(withSection(file, SectionKind.PLAN, plan))).toBe(
      'f.grim: section plan: macs of e is 1152921504606847000, not an integer from 0 to 9007199254740991',
    );
  });

  test('a state whose initial values are no floats is refused', () => {
    const port = { name: 's', shape: [1] };
    const state = { port, initial: Uint8Array.of(1, 2, 3) };
    const plan = toBinary(
      PlanSchema,
      create(PlanSchema, { memoryBytes: 4096, imageOffset: 64, states: [state] }),
    );
    expect(refusalOf(withSection(file, SectionKind.PLAN, plan))).toBe(
      'f.grim: section plan: state s has 3 initial bytes, not whole floats',
    );
    const bare = toBinary(PlanSchema, create(PlanSchema, { states: [{}] }));
    expect(refusalOf(withSection(file, SectionKind.PLAN, bare))).toBe(
      'f.grim: section plan: a state has no port',
    );
  });
});

describe('graphs', () => {
  const { offset, length } = sectionOf(headerOf(file), SectionKind.GRAPH);
  const original = (): GraphMessage => decodeGraphMessage(file.subarray(offset, offset + length));

  function refusalOfGraph(edit: (graph: GraphMessage) => void, codecs: MatrixCodec[] = []): string {
    const graph = original();
    edit(graph);
    return refusalOf(withSection(file, SectionKind.GRAPH, toBinary(GraphSchema, graph)), codecs);
  }

  function constant(graph: GraphMessage, index: number): GraphMessage['constants'][number] {
    const found = graph.constants[index];
    if (!found) throw new Error(`no constant ${index}`);
    return found;
  }

  const bad: MatrixCodec = {
    id: 'bad',
    encode: () => undefined,
    decode: () => new Float32Array(3),
  };
  const throwing: MatrixCodec = {
    ...bad,
    decode: () => {
      throw new RangeError('row 3 has no columns');
    },
  };

  test('the graph of the file is the one that the edits start from', () => {
    expect(
      readArtefact(withSection(file, SectionKind.GRAPH, toBinary(GraphSchema, original()))),
    ).toStrictEqual(sampleArtefact);
  });

  test.each<[string, (graph: GraphMessage) => void, string, MatrixCodec[]?]>([
    [
      'off alignment',
      (graph) => (constant(graph, 0).offset = 4),
      'cw: starts at byte 4, which is not a multiple of 16',
    ],
    [
      'inside another',
      (graph) => (constant(graph, 1).offset = 128),
      'cb: starts at byte 128, inside what ends at byte 144',
    ],
    [
      'outside the weights',
      (graph) => (constant(graph, 8).offset = 0xfffffff0),
      'two: ends at byte 4294967284 of a weights section of ',
    ],
    [
      'of too many bytes',
      (graph) => (constant(graph, 0).shape = [4, 3]),
      'cw: has 144 bytes, shape [4,3] needs 48',
    ],
    [
      'of a huge shape',
      (graph) => (constant(graph, 0).shape = [0xffffffff, 0xffffffff, 0xffffffff]),
      'cw: has 144 bytes, shape [4294967295,4294967295,4294967295] needs 3',
    ],
    [
      'of too many dimensions',
      (graph) => (constant(graph, 0).shape = Array.from({ length: 17 }, () => 1)),
      'cw: the constant has 17 dimensions, the limit is 16',
    ],
    ['named twice', (graph) => (constant(graph, 1).name = 'cw'), 'cw: is the name of two constants'],
    [
      'in a codec that was not given',
      (graph) => (constant(graph, 0).codec = 'bad'),
      'cw: is stored in codec bad, which was not given to the reader',
    ],
    [
      'larger than any codec makes of its bytes',
      (graph) => Object.assign(constant(graph, 0), { codec: 'bad', shape: [9217, 1] }),
      'cw: has 144 bytes in codec bad, too few for shape [9217,1]: at most 256 times as many come out',
      [bad],
    ],
    [
      'decoded to another size',
      (graph) => (constant(graph, 0).codec = 'bad'),
      'cw: has 3 values in codec bad, shape [4,3,3] needs 36',
      [bad],
    ],
    [
      'that its codec refuses',
      (graph) => (constant(graph, 0).codec = 'bad'),
      'cw: cannot be decoded by codec bad: row 3 has no columns',
      [throwing],
    ],
  ])('a constant %s is refused', (_case, edit, problem, codecs) => {
    expect(refusalOfGraph(edit, codecs).slice(0, `f.grim: ${problem}`.length)).toBe(`f.grim: ${problem}`);
  });

  test.each<[string, (graph: GraphMessage) => void, RegExp]>([
    [
      'a node without an operator',
      (graph) => {
        graph.nodes.forEach((node) => delete node.operator);
      },
      /^f\.grim: foldWindows:even: has an operator that this release does not know$/,
    ],
    [
      'a function of a later release',
      (graph) => {
        for (const { operator } of graph.nodes) {
          if (operator?.kind.case === 'binary') operator.kind.value.function = 99 as never;
        }
      },
      /^f\.grim: binary:doubled: binary function 99 is not one that this release knows$/,
    ],
    [
      'an lstm with two activations',
      (graph) => {
        for (const { operator } of graph.nodes)
          if (operator?.kind.case === 'lstm') operator.kind.value.activations.pop();
      },
      /^f\.grim: lstm:l: has 2 activations where 3 belong$/,
    ],
    [
      'a schedule choice without a value',
      (graph) => {
        const choice = graph.nodes[7]?.weights[0]?.schedule?.choices[0];
        if (choice) choice.value = { case: undefined };
      },
      /^f\.grim: lstm:l: schedule choice rows has no value$/,
    ],
    [
      'a node that reads what is not there',
      (graph) => graph.nodes.shift(),
      /^f\.grim: pad:padded: value odd is used before it is defined$/,
    ],
    [
      'an input of too many dimensions',
      (graph) => {
        graph.inputs.forEach((input) => (input.shape = new Array<number>(17).fill(1)));
      },
      /^f\.grim: x: it has 17 dimensions, the limit is 16$/,
    ],
    [
      'a state whose initial values are no floats',
      (graph) => {
        graph.states.forEach((state) => (state.initial = new Uint8Array(7)));
      },
      /^f\.grim: h: has 7 initial bytes, not whole floats$/,
    ],
  ])('%s is refused', (_case, edit, problem) => {
    expect(refusalOfGraph(edit)).toMatch(problem);
  });
});

describe('what cannot be stored is refused', () => {
  const provenance = { grimVersion: '0.1.0', options: {} };

  test('a hash that is none', () => {
    expect(() =>
      writeArtefact({ provenance: { ...provenance, sourceSha256: 'ABC' } }, { file: 'f.grim' }),
    ).toThrow(new GrimError('ABC is not a SHA-256 of 64 lowercase hexadecimal digits', { file: 'f.grim' }));
  });

  test('a number outside its field', () => {
    const { graph: sample } = sampleArtefact;
    if (!sample) throw new Error('the sample has a graph');
    const nodes = sample.nodes.map((node) =>
      node.op.kind === 'lstm'
        ? { ...node, weights: [{ input: 1, bcr: { blockRows: 2 ** 40, blockColumns: 1, rate: 2 } }] }
        : node,
    );
    expect(() => writeArtefact({ graph: { ...sample, nodes }, provenance })).toThrow(GrimError);
  });

  test('a header that is too long', () => {
    const options = { text: 'x'.repeat(2 ** 20) };
    expect(() => writeArtefact({ provenance: { ...provenance, options } })).toThrow(
      /^a header of \d+ bytes is too long/,
    );
  });
});
