import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrimError, type Graph } from '@grim/ir';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  createBatches,
  createTrainer,
  crossEntropy,
  readCheckpoint,
  restoreTrainer,
  sgd,
  trainerState,
  writeCheckpoint,
} from '../src/index.ts';
import { loadCheckpoint, saveCheckpoint } from '../src/node.ts';
import { randomConstants, randomValues } from './support/random-values.ts';

const state = {
  tensors: new Map([
    ['parameter/w', { shape: [2, 2], data: Float32Array.from([1, -2.5, NaN, 1e-40]) }],
    ['memory/steps', { shape: [], data: Float32Array.from([7]) }],
    ['memory/__proto__', { shape: [0], data: new Float32Array() }],
  ]),
  json: { epoch: 3, ü: ['a', null] },
};

const graph: Graph = {
  name: 'graph',
  inputs: [{ name: 'x', shape: [1, 6] }],
  outputs: [{ name: 'y', value: 'y' }],
  states: [],
  constants: randomConstants({ w: [8, 6], b: [8], v: [3, 8] }, 2),
  nodes: [
    {
      name: 'hidden',
      op: { kind: 'linear', activation: { function: 'relu' } },
      inputs: ['x', 'w', 'b'],
      outputs: ['h'],
    },
    { name: 'head', op: { kind: 'linear' }, inputs: ['h', 'v'], outputs: ['y'] },
  ],
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grim-checkpoint-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('checkpoints', () => {
  it('hold the same bits', () => {
    const bytes = writeCheckpoint(state);
    expect(bytes.length % 4).toBe(0);
    const read = readCheckpoint(bytes);
    expect(read).toEqual(state);
    // Read from the middle of a larger buffer too.
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readCheckpoint(larger.subarray(3))).toEqual(state);
  });

  it('are safetensors files', () => {
    const bytes = writeCheckpoint({
      tensors: new Map([['a', { shape: [1], data: Float32Array.from([1]) }]]),
      json: {},
    });
    const size = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size)))).toEqual({
      // CRC-32 as of other tools: of `["{}",{"a":…}]`, and of the four bytes.
      __metadata__: { json: '{}', header_crc32: '68c17663', data_crc32: 'aca16a6a' },
      a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    });
    expect([...bytes.subarray(8 + size)]).toEqual([0, 0, 0x80, 0x3f]);
    expect(() =>
      writeCheckpoint({ tensors: new Map([['a', { shape: [2], data: new Float32Array(1) }]]), json: {} }),
    ).toThrow('tensor a of shape [2] has 1 value(s)');
  });

  it('that are damaged are refused with their name, and nothing else happens', () => {
    const bytes = writeCheckpoint(state);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 4,
        }),
        fc.nat({ max: bytes.length }),
        (changes, length) => {
          const damaged = bytes.slice(0, changes.length === 0 ? length : bytes.length);
          for (const [place, value] of changes) damaged[place] = value;
          try {
            // Spaces in the header may change, or nothing at all.
            expect(readCheckpoint(damaged, 'run.safetensors')).toEqual(state);
          } catch (error) {
            if (!(error instanceof GrimError)) throw error;
            expect(error.message).toMatch(/^run\.safetensors: /);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  const withHeader = (header: unknown, size: number): Uint8Array => {
    const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
    const bytes = new Uint8Array(8 + text.length + size);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    return bytes;
  };
  const entry = (shape: unknown, data_offsets: unknown, dtype = 'F32'): unknown => ({
    dtype,
    shape,
    data_offsets,
  });

  it.each([
    [new Uint8Array(3), 'run: is no checkpoint: it has only 3 byte(s)'],
    [
      new Uint8Array(9).fill(255),
      'run: is no checkpoint: a header of 18446744073709551615 bytes is above the limit of 67108864',
    ],
    [
      Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0),
      'run: is no checkpoint: a header of 9 bytes does not fit 9 bytes',
    ],
    [withHeader('{', 0), 'run: has a header that is not JSON'],
    [withHeader('[]', 0), 'run: has a header that is no object'],
    [withHeader({}, 0), 'run: has no json in its metadata, so it is no checkpoint'],
    [withHeader({ a: entry([1], [0, 4], 'F16') }, 4), 'run: tensor a does not hold 32-bit floats (F32)'],
    [withHeader({ a: entry([-1], [0, 4]) }, 4), 'run: tensor a has no shape or no data_offsets'],
    [
      withHeader({ a: entry([2 ** 40, 2 ** 40], [0, 4]) }, 4),
      'run: tensor a of shape [1099511627776,1099511627776] does not fill 4 bytes',
    ],
    [
      withHeader({ a: entry([1], [0, 4]), b: entry([1], [0, 4]) }, 4),
      'run: tensor b is at bytes 0 to 4 of 4, expected from 4',
    ],
    [withHeader({ a: entry([2], [0, 8]) }, 4), 'run: tensor a is at bytes 0 to 8 of 4, expected from 0'],
    [withHeader({ a: entry([1], [0, 4]) }, 8), 'run: has 4 byte(s) behind its tensors'],
  ])('say what is wrong with them: %#', (bytes, message) => {
    expect(() => readCheckpoint(bytes, 'run')).toThrow(message);
  });

  it('are refused when they could not be read back', () => {
    const write = (json: Readonly<Record<string, unknown>>): Uint8Array =>
      writeCheckpoint({ tensors: new Map(), json });
    expect(() => write({ best: { loss: [1, NaN] } })).toThrow(
      'json.best.loss.1 is NaN, which JSON cannot hold',
    );
    expect(() => write({ best: -Infinity })).toThrow('json.best is -Infinity, which JSON cannot hold');
    // Header and JSON have some characters besides.
    expect(readCheckpoint(write({ text: 'x'.repeat(2 ** 26 - 128) })).json['text']).toHaveLength(
      2 ** 26 - 128,
    );
    expect(() => write({ text: 'x'.repeat(2 ** 26) })).toThrow(
      /a header of 671089\d\d bytes is above the limit of 67108864: what is not in tensors has to be small/,
    );
  });

  it('are written as a whole and read again, and missing ones are no error', async () => {
    const file = join(folder, 'whole.safetensors');
    expect(await loadCheckpoint(file)).toBeUndefined();
    await saveCheckpoint(file, { ...state, json: { old: true } });
    await saveCheckpoint(file, state);
    expect(await loadCheckpoint(file)).toEqual(state);
    expect(await readdir(folder)).toEqual(['whole.safetensors']);
    const broken = join(folder, 'broken.safetensors');
    await writeFile(broken, 'nothing');
    await expect(loadCheckpoint(broken)).rejects.toThrow(
      `${broken}: is no checkpoint: it has only 7 byte(s)`,
    );
    await expect(loadCheckpoint(folder)).rejects.toThrow(`${folder}: cannot be read: EISDIR`);
    await expect(saveCheckpoint(join(folder, 'none', 'file'), state)).rejects.toThrow(
      'cannot be written: ENOENT',
    );
  });

  it.each([
    ['momentum', sgd({ momentum: 0.9 })],
    ['Adam', adam({ weightDecay: 0.01 })],
  ])('give training that goes on to the same bits: %s', async (name, optimiser) => {
    const batch = { size: 4, axes: { x: 0 } };
    const x = { shape: [22, 6], data: randomValues(132, 5) };
    const open = async () => ({
      batches: createBatches(
        { inputs: { x }, target: (examples) => examples.map((example) => example % 3) },
        { batch, seed: 3 },
      ),
      trainer: await createTrainer(graph, {
        batch,
        loss: crossEntropy(),
        optimiser,
        clipNorm: 0.5,
        batchNorm: ['hidden'],
        dropout: { hidden: 0.2 },
        seed: 8,
      }),
    });
    const train = async (
      { trainer, batches }: Awaited<ReturnType<typeof open>>,
      steps: number,
    ): Promise<void> => {
      for (let step = 0; step < steps; step++) {
        trainer.step((await trainer.lossAndGradients(batches.next())).gradients, 0.05);
      }
    };
    const whole = await open();
    await train(whole, 13);

    const first = await open();
    await train(first, 7);
    const file = join(folder, `${name}.safetensors`);
    await saveCheckpoint(file, trainerState(first.trainer, { position: first.batches.position() }));
    const second = await open();
    const saved = await loadCheckpoint(file);
    if (!saved) throw new Error('the checkpoint is missing');
    restoreTrainer(second.trainer, saved);
    second.batches.seek(Number(saved.json['position']));
    await train(second, 6);
    expect(trainerState(second.trainer)).toEqual(trainerState(whole.trainer));

    const other = await createTrainer(graph, { batch, loss: crossEntropy(), optimiser });
    expect(() => {
      restoreTrainer(other, saved);
    }).toThrow('the checkpoint holds parameter/batchNorm/hidden/gamma, which the trainer does not know');
    const reshaped = new Map(saved.tensors).set('parameter/b', { shape: [1, 8], data: new Float32Array(8) });
    expect(() => {
      restoreTrainer(second.trainer, { ...saved, tensors: reshaped });
    }).toThrow('the checkpoint has parameter/b of shape [1,8], the trainer [8]');
    reshaped.delete('parameter/b');
    expect(() => {
      restoreTrainer(second.trainer, { ...saved, tensors: reshaped });
    }).toThrow('the checkpoint holds no parameter/b');
  });
});
