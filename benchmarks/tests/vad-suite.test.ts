import { inputWindows, agreementOf } from '@grim/tools/silero';
import { expect, test } from 'vitest';
import { heapGrowth } from '../src/suites/vad/heap-growth.ts';
import { sixteenBit } from '../src/suites/vad/sixteen-bit.ts';
import { repeated, testRecording } from '../src/suites/vad/test-recording.ts';
import { vadRow } from '../src/suites/vad/vad-row.ts';

test('what a call leaves on the heap is seen, and a call that leaves nothing has none', () => {
  const kept: number[][] = [];
  expect(heapGrowth(() => kept.push(new Array<number>(100).fill(0.5)))).toBeGreaterThan(400);
  const target = new Float32Array(4);
  expect(heapGrowth(() => target.fill(1))).toBeLessThan(1);
});

test('16-bit samples are whole steps, close to what they were, and the same every time', () => {
  const samples = Float32Array.from({ length: 1000 }, (_, index) => Math.sin(index / 7) / 3);
  const rounded = sixteenBit(samples);
  expect(rounded).toEqual(sixteenBit(samples));
  for (const [index, sample] of rounded.entries()) {
    expect(Number.isInteger(sample * 32768)).toBe(true);
    expect(Math.abs(sample - (samples[index] ?? 0))).toBeLessThanOrEqual(1.5 / 32768 + 1e-9);
  }
});

test('a recording is repeated whole, as often as it takes', () => {
  const { samples, sampleRate } = repeated({ samples: Float32Array.of(1, 2, 3), sampleRate: 2 }, 4);
  expect([...samples]).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
  expect(sampleRate).toBe(2);
});

test('the test recording is as long as asked for, at the rate asked for, and holds sound', () => {
  const { samples, seconds, source } = testRecording(20, 16000);
  expect(samples.length).toBeGreaterThanOrEqual(20 * 16000);
  expect(seconds).toBeCloseTo(samples.length / 16000, 9);
  expect(source).not.toBe('');
  expect(samples.some((sample) => Math.abs(sample) > 0.05)).toBe(true);
  expect(samples.every((sample) => Number.isFinite(sample))).toBe(true);
});

test('rows have the same columns, whatever they hold', () => {
  const speed = vadRow({ kind: 'speed', side: 'one', p50_us: 3 });
  const size = vadRow({ kind: 'size', side: 'two', model_gzip_bytes: 5 });
  expect(Object.keys(speed)).toEqual(Object.keys(size));
  expect(speed).toMatchObject({ p50_us: 3, model_gzip_bytes: null });
});

test('windows overlap by the context, which is silence at first; the last frame is filled up', () => {
  const windows = inputWindows(Float32Array.of(1, 2, 3, 4, 5), { contextSamples: 2, frameSamples: 3 });
  expect(windows.map((window) => [...window])).toEqual([
    [0, 0, 1, 2, 3],
    [2, 3, 4, 5, 0],
  ]);
  expect(inputWindows(new Float32Array(0), { contextSamples: 2, frameSamples: 3 })).toEqual([]);
});

test('agreement counts decisions on both sides of the threshold', () => {
  const found = agreementOf(Float32Array.of(0.5, 0.25, 0.75, 0), Float32Array.of(0.75, 0.75, 0.25, 0));
  expect(found).toEqual({ agreement: 0.5, speech: 0.5, referenceSpeech: 0.5, maxAbsDiff: 0.5 });
});

test('NaN is a difference, not an agreement', () => {
  const { maxAbsDiff } = agreementOf(Float32Array.of(Number.NaN), Float32Array.of(0.75));
  expect(maxAbsDiff).toBeNaN();
  const later = agreementOf(Float32Array.of(0.75, Number.NaN, 0.75), Float32Array.of(0.75, 0.75, 0.5));
  expect(later.maxAbsDiff).toBeNaN();
});

test.each([
  [0, 0],
  [1, 2],
])('%d probabilities are not compared with %d', (found, expected) => {
  expect(() => agreementOf(new Float32Array(found), new Float32Array(expected))).toThrow(RangeError);
});
