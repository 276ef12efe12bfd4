import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exampleBatches } from '../src/suites/accuracy/cells/example-batches.ts';
import { taughtCrossEntropy } from '../src/suites/accuracy/cells/taught-cross-entropy.ts';
import type { Examples } from '../src/suites/accuracy/datasets/examples.ts';
import { maskSpectrum } from '../src/suites/accuracy/datasets/mask-spectrum.ts';
import { bands, normalisedLogMel } from '../src/suites/accuracy/datasets/normalised-log-mel.ts';
import { phoneBatches } from '../src/suites/accuracy/phones/phone-batches.ts';
import { phoneClasses } from '../src/suites/accuracy/phones/phone-classes.ts';
import { features } from '../src/suites/accuracy/phones/phone-graph.ts';

const logits = (length: number) =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true, min: -4, max: 4 });

test('the derivative of what a teacher and classes ask for is that of the loss', () => {
  fc.assert(
    fc.property(logits(6), logits(6), fc.boolean(), (own, taught, hasTeacher) => {
      const loss = taughtCrossEntropy();
      const target = { labels: Uint8Array.of(2, 0), ...(hasTeacher && { teacher: taught }) };
      const at = (data: Float32Array) => loss(new Map([['y', { shape: [2, 3], data }]]), target);
      const derivative = at(own).derivatives.get('y');
      for (let index = 0; index < 6; index++) {
        const moved = (by: number) =>
          at(own.map((value, other) => (other === index ? value + by : value))).loss;
        expect(derivative?.[index]).toBeCloseTo((moved(0.01) - moved(-0.01)) / 0.02, 2);
      }
    }),
    { numRuns: 30 },
  );
});

const examples: Examples = {
  count: 7,
  labels: Uint8Array.from({ length: 7 }, (_, index) => index),
  write: (index, target, random) => {
    target.forEach((_, at) => (target[at] = 100 * index + at + (random ? random() / 2 : 0)));
  },
};

test('batches lay examples along their axis, differ from epoch to epoch, and are the same each time', async () => {
  const input = { name: 'x', shape: [2, 1, 3] };
  const batch = { size: 3, axes: { x: 1 } };
  const batches = exampleBatches(examples, { input, batch, seed: 5 });
  const collect = async (epoch: number) => {
    const found = [];
    for await (const each of batches.epoch(epoch)) found.push(each);
    return found;
  };
  const first = await collect(0);
  expect(first).toHaveLength(batches.batchesPerEpoch);
  expect(first).toHaveLength(2);
  for (const { inputs, target } of first) {
    const rounded = Array.from(inputs['x'] ?? [], Math.floor);
    const expected = [0, 1].flatMap((step) =>
      [...target.labels].flatMap((label) => [0, 1, 2].map((value) => 100 * label + 3 * step + value)),
    );
    expect(rounded).toEqual(expected);
  }
  expect(new Set(first.flatMap(({ target }) => [...target.labels])).size).toBe(6);
  expect(await collect(0)).toEqual(first);
  expect(await collect(1)).not.toEqual(first);
});

test('a teacher sees the examples one after the other', async () => {
  const seen: number[] = [];
  const batches = exampleBatches(examples, {
    input: { name: 'x', shape: [2, 1, 3] },
    batch: { size: 2, axes: { x: 1 } },
    seed: 1,
    teacher: ({ shape, data }) => {
      expect(shape).toEqual([2, 2, 3]);
      seen.push(...data.map((value) => Math.floor(value / 100)));
      return Promise.resolve(Float32Array.of(1, 2));
    },
  });
  for await (const { target } of batches.epoch(0)) {
    expect(target.teacher).toEqual(Float32Array.of(1, 2));
    expect(seen.splice(0)).toEqual([...target.labels].flatMap((label) => Array<number>(6).fill(label)));
  }
});

test('sentences that are too long, or too short for their phones, are left out; the rest is filled up', () => {
  const sequence = (steps: number, phones: number[]) => ({
    steps: new Float32Array(steps * features).fill(steps),
    phones,
  });
  const batches = phoneBatches(
    [sequence(3, [1, 2]), sequence(9, [1]), sequence(2, [1, 1]), sequence(5, [1, 1, 2])],
    { size: 2, steps: 5, seed: 3 },
  );
  expect(batches.batchesPerEpoch).toBe(1);
  const [only] = [
    ...(batches.epoch(0) as Iterable<{ target: unknown; inputs: Record<string, Float32Array> }>),
  ];
  expect(only?.target).toEqual(expect.objectContaining({ steps: expect.arrayContaining([3, 5]) as unknown }));
  expect(only?.inputs['frames']).toHaveLength(5 * 2 * features);
});

test('phones are numbered by how often they are said, rare ones are left out', () => {
  const sentence = (phones: string[]) => ({
    level: 'a',
    name: 'b',
    text: '',
    phones,
    audio: () => ({}) as never,
  });
  const spoken = [sentence([...Array<string>(50).fill('a'), 'x', ...Array<string>(60).fill('n')])];
  const classes = phoneClasses(spoken);
  expect(classes.count).toBe(3);
  expect(classes.of(sentence(['a', 'x', 'n', 'a']))).toEqual([2, 1, 2]);
});

test('features have no mean over a recording, and masks leave the rest alone', () => {
  const samples = Float32Array.from({ length: 4000 }, (_, index) => Math.sin(index * index * 1e-3));
  const found = normalisedLogMel(samples, 8000);
  for (let band = 0; band < bands; band++) {
    const own = found.filter((_, index) => index % bands === band);
    expect(own.reduce((sum, value) => sum + value, 0) / own.length).toBeCloseTo(0, 4);
  }
  const masked = found.slice();
  const values = [0.5, 0.5, 0.9, 0];
  maskSpectrum(masked, { frames: 8, bands: 7 }, () => values.shift() ?? 0);
  masked.forEach((value, index) => {
    if (value !== 0) expect(value).toBe(found[index]);
  });
  expect(masked.filter((value) => value === 0).length).toBeGreaterThan(100);
});
