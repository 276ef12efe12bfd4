import { create } from '@bufbuild/protobuf';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SparseTensorProtoSchema, TensorProto_DataLocation, type TensorProto } from '../src/gen/onnx_pb.ts';
import { externalDataFrom, importOnnx, type ExternalDataReader } from '../src/index.ts';
import { nodeExternalData } from '../src/node.ts';
import { anyTensor, DataType, intTensor, makeModel, node, sparseValue } from './support/onnx-model.ts';
import { refusal } from './support/refusal.ts';

const weights = Float32Array.of(1, 2, 3, 4);
const weightBytes = new Uint8Array(weights.buffer);

function externalTensor(entries: Record<string, string>, dims: bigint[] = [4n]): TensorProto {
  return anyTensor({
    name: 'w',
    dims,
    dataType: DataType.FLOAT,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  });
}

function modelWith(tensor: TensorProto): Uint8Array {
  return makeModel({
    inputs: { x: [4] },
    outputs: ['y'],
    initializers: [tensor],
    nodes: [node('Mul', ['x', 'w'], ['y'])],
  });
}

/** The weight of the model after import, or the reason why it has none. */
function load(entries: Record<string, string>, readExternal?: ExternalDataReader): Float32Array | string {
  const model = modelWith(externalTensor(entries));
  try {
    return importOnnx(model, readExternal ? { readExternal } : {}).constants.get('w')?.data ?? 'no weight';
  } catch (error) {
    return error instanceof Error ? error.message : 'thrown';
  }
}

/** A folder with a model's folder in it, and a secret beside that. */
let outside: string;
let folder: string;
let read: ExternalDataReader;

beforeEach(() => {
  outside = mkdtempSync(join(realpathSync(tmpdir()), 'grim-onnx-'));
  folder = join(outside, 'model');
  mkdirSync(join(folder, 'parts'), { recursive: true });
  writeFileSync(join(outside, 'secret'), weightBytes);
  writeFileSync(join(folder, 'weights.bin'), weightBytes);
  writeFileSync(join(folder, 'parts', 'weights.bin'), weightBytes);
  read = nodeExternalData(join(folder, 'model.onnx'));
});

afterEach(() => {
  rmSync(outside, { recursive: true, force: true });
});

describe('files beside the model', () => {
  test.each([
    ['in its folder', { location: 'weights.bin' }],
    ['in a folder of its', { location: 'parts/weights.bin' }],
    ['with the length stated', { location: 'weights.bin', offset: '0', length: '16' }],
    ['with keys that do not matter', { location: 'weights.bin', checksum: 'abc' }],
  ])('%s are read', (_, entries) => {
    expect(load(entries, read)).toEqual(weights);
  });

  test('are read from an offset', () => {
    writeFileSync(join(folder, 'all.bin'), Float32Array.of(9, 9, 1, 2, 3, 4, 9));
    expect(load({ location: 'all.bin', offset: '8', length: '16' }, read)).toEqual(weights);
  });

  test('are found where the folder itself is reached through a link', () => {
    symlinkSync(folder, join(outside, 'link'));
    const throughLink = nodeExternalData(join(outside, 'link', 'model.onnx'));
    expect(load({ location: 'weights.bin' }, throughLink)).toEqual(weights);
  });
});

describe('attacks', () => {
  test.each([
    // CVE-2022-25882.
    '../secret',
    // CVE-2024-27318: the fix of the one before only looked at how the path starts.
    'parts/../../secret',
    'parts/../weights.bin',
    './weights.bin',
    'parts//weights.bin',
    '..\\secret',
    'parts\\weights.bin',
    '/etc/passwd',
    'C:/secret',
    'weights.bin:stream',
    'weights.bin\0.txt',
    '..',
    '.',
    '',
    'parts/',
  ])('location %j is no path inside the folder', (location) => {
    expect(load({ location }, read)).toBe(
      `w: external data location ${JSON.stringify(location)} is not a path inside the model's folder`,
    );
    // The reader does not rely on the import having looked.
    expect(refusal(() => read({ location, offset: 0, length: 16 }))).toContain('is not a path inside');
  });

  test('an absolute path to the folder itself is refused too', () => {
    expect(load({ location: join(folder, 'weights.bin') }, read)).toContain('is not a path inside');
  });

  test('a file that is a symbolic link is not followed (CVE-2026-34447)', () => {
    symlinkSync(join(outside, 'secret'), join(folder, 'link.bin'));
    expect(load({ location: 'link.bin' }, read)).toBe(
      'w: external data link.bin leads through a symbolic link, so it is not read',
    );
  });

  test('a symbolic link that stays inside is not followed either', () => {
    symlinkSync('weights.bin', join(folder, 'alias.bin'));
    expect(load({ location: 'alias.bin' }, read)).toContain('leads through a symbolic link');
  });

  test('a folder on the way that is a symbolic link is not followed (CVE-2026-27489)', () => {
    symlinkSync(outside, join(folder, 'up'));
    expect(load({ location: 'up/secret' }, read)).toBe(
      'w: external data up/secret leads through a symbolic link, so it is not read',
    );
  });

  test('a hard link to a file elsewhere is not read (CVE-2026-34446)', () => {
    linkSync(join(outside, 'secret'), join(folder, 'hard.bin'));
    expect(load({ location: 'hard.bin' }, read)).toBe(
      'w: external data hard.bin has 2 hard links, so it is not read',
    );
  });

  test.each(['values', 'indices'])('the %s of a sparse tensor go through the same checks', (part) => {
    symlinkSync(join(outside, 'secret'), join(folder, 'link.bin'));
    const location = 'link.bin';
    const inside = {
      values: anyTensor({ name: 'w', dims: [2n], dataType: DataType.FLOAT, floatData: [1, 2] }),
      indices: intTensor('', [0, 1]),
    };
    const leading = {
      values: externalTensor({ location }),
      indices: anyTensor({
        dims: [2n],
        dataType: DataType.INT64,
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: [{ key: 'location', value: location }],
      }),
    };
    const sparse = create(SparseTensorProtoSchema, {
      ...inside,
      [part]: leading[part as 'values'],
      dims: [4n],
    });
    const asInitializer = makeModel({
      inputs: { x: [4] },
      outputs: ['y'],
      sparseInitializers: [sparse],
      nodes: [node('Mul', ['x', 'w'], ['y'])],
    });
    const asConstant = makeModel({
      inputs: { x: [4] },
      outputs: ['y'],
      nodes: [
        node('Constant', [], ['w'], { sparse_value: sparseValue(sparse) }),
        node('Mul', ['x', 'w'], ['y']),
      ],
    });
    for (const model of [asInitializer, asConstant]) {
      expect(refusal(() => importOnnx(model, { readExternal: read }))).toContain(
        'leads through a symbolic link',
      );
    }
  });

  test('a folder, a pipe and a device are not regular files', () => {
    expect(load({ location: 'parts' }, read)).toBe(
      'w: external data parts is not a regular file, so it is not read',
    );
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(load({ location: 'pipe' }, read)).toContain('is not a regular file');
    expect(load({ location: 'weights.bin/more' }, read)).toContain('is not a regular file');
  });

  test('a file that does not exist is said so', () => {
    expect(load({ location: 'nothing.bin' }, read)).toBe('w: cannot read external data nothing.bin: ENOENT');
  });

  test('the folder of the model must exist', () => {
    expect(refusal(() => nodeExternalData(join(outside, 'nowhere', 'model.onnx')))).toMatch(
      /nowhere.*ENOENT/,
    );
  });

  test.each([
    [{ offset: '4' }, 'w: external data weights.bin has 16 bytes, but 16 are needed from byte 4'],
    [
      { offset: '9007199254740991' },
      'w: external data weights.bin has 16 bytes, but 16 are needed from byte 9007199254740991',
    ],
    [
      { offset: '18446744073709551615' },
      'w: external data offset "18446744073709551615" is not a number of bytes',
    ],
    [{ offset: '-1' }, 'w: external data offset "-1" is not a number of bytes'],
    [{ offset: '0x10' }, 'w: external data offset "0x10" is not a number of bytes'],
    [{ length: '8' }, 'w: external data of 8 bytes, but the shape needs 16'],
    [{ length: '1e1' }, 'w: external data length "1e1" is not a number of bytes'],
  ])('offset and length %o are checked against the file', (entries, message) => {
    expect(load({ location: 'weights.bin', ...entries }, read)).toBe(message);
  });

  test('a shape larger than the file is refused before memory is allocated', () => {
    const model = modelWith(externalTensor({ location: 'weights.bin' }, [2n ** 26n]));
    expect(refusal(() => importOnnx(model, { readExternal: read }))).toBe(
      'w: external data weights.bin has 16 bytes, but 268435456 are needed from byte 0',
    );
  });

  test('data both in the file and outside is refused', () => {
    const tensor = externalTensor({ location: 'weights.bin' });
    const model = modelWith(anyTensor({ ...tensor, rawData: weightBytes }));
    expect(refusal(() => importOnnx(model, { readExternal: read }))).toBe(
      'w: stored both in the model and in external data',
    );
  });

  test('keys that are names of properties set none (CVE-2026-34445)', () => {
    const entries = { ['__proto__']: '1', constructor: '1', basepath: outside, length: '16' };
    expect(load({ ...entries, location: 'weights.bin' }, read)).toEqual(weights);
    expect(load({ ...entries, location: 'secret' }, read)).toBe(
      'w: cannot read external data secret: ENOENT',
    );
  });

  test('a location is needed', () => {
    expect(load({ offset: '0' }, read)).toBe('w: external data without a location');
  });
});

describe('files in memory', () => {
  const files = new Map([['parts/weights.bin', weightBytes]]);

  test('are read by their location', () => {
    expect(load({ location: 'parts/weights.bin' }, externalDataFrom(files))).toEqual(weights);
  });

  test.each([
    [{ location: 'weights.bin' }, 'w: external data file weights.bin was not given'],
    [
      { location: 'parts/weights.bin', offset: '8' },
      'w: external data parts/weights.bin has 16 bytes, but 16 are needed from byte 8',
    ],
    [
      { location: '../weights.bin' },
      'w: external data location "../weights.bin" is not a path inside the model\'s folder',
    ],
  ])('%o: refused', (entries, message) => {
    expect(load(entries, externalDataFrom(files))).toBe(message);
  });

  test('a reader that gives too little is not believed', () => {
    expect(load({ location: 'weights.bin' }, () => new Uint8Array(3))).toBe(
      'w: external data weights.bin gave 3 bytes instead of 16',
    );
  });

  test('without a reader the error says how to give one', () => {
    expect(load({ location: 'weights.bin' })).toBe(
      'w: its data is in weights.bin; give option readExternal (in Node: nodeExternalData(path of the model))',
    );
  });
});
