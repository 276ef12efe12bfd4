import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createFramer, createResampler, createSegmenter, createVad, sileroV5 } from '../src/index.ts';
import { noise } from './support/random.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const calls = 5_000;

/**
 * Bytes the JavaScript heap grew by per call, in steady state. The smallest of several rounds, since the engine's own
 * bookkeeping (feedback, optimised code) lands in some of them.
 */
function bytesPerCall(action: () => void): number {
  const rounds = Array.from({ length: 8 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let call = 0; call < calls; call++) action();
    return process.memoryUsage().heapUsed - before;
  });
  return Math.min(...rounds) / calls;
}

/** The smallest object, a number on the heap, has 12 or 16 bytes. */
const nothing = 1;

it('the measurement sees one number per call', () => {
  const kept: { value: number }[] = [{ value: 0 }];
  expect(bytesPerCall(() => (kept[0] = { value: Math.random() }))).toBeGreaterThan(10);
});

it.each([44100, 48000])('resampling from %i Hz', (rate) => {
  const resampler = createResampler(rate, 16000);
  const block = noise(128, 1);
  const output = new Float32Array(resampler.maximumOutput(block.length));
  expect(bytesPerCall(() => resampler.push(block, output))).toBeLessThan(nothing);
});

it('cutting into frames', () => {
  const block = noise(128, 1);
  const seen = new Float32Array(1);
  const framer = createFramer(512, (frame) => {
    seen[0] = frame[0] ?? 0;
  });
  expect(
    bytesPerCall(() => {
      framer.push(block);
    }),
  ).toBeLessThan(nothing);
});

it('a step of a detector', () => {
  const output = new Float32Array(1);
  const vad = createVad(
    {
      step: (input) => {
        output[0] = Math.abs(input[100] ?? 0) / 3;
        return output;
      },
      reset: () => undefined,
      getState: () => ({}),
      setState: () => undefined,
    },
    sileroV5,
  );
  const frame = noise(512, 2);
  expect(
    bytesPerCall(() => {
      vad.advance(frame);
    }),
  ).toBeLessThan(nothing);
});

it('a segmenter between two reports', () => {
  const segmenter = createSegmenter({}, () => undefined);
  let frame = 0;
  // Silence of 3 frames does not end speech. Whole numbers, as a caller may have to box a fraction to pass it on.
  expect(
    bytesPerCall(() => {
      segmenter.push(frame++ % 43 < 40 ? 1 : 0);
    }),
  ).toBeLessThan(nothing);
  expect(segmenter.speaking).toBe(true);
});
