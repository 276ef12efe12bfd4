import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFramer,
  createVad,
  resample,
  sileroLegacy,
  sileroV5,
  streamRecording,
  type VadModel,
  type VadSession,
} from '../src/index.ts';
import { errorOf } from './support/error-of.ts';
import { mixingSession } from './support/mixing-session.ts';
import { noise } from './support/random.ts';
import { pieces } from './support/signals.ts';

const small = { modelSampleRate: 16000, frameSamples: 5, contextSamples: 3 } as const;
const sessionThatGives = (...values: number[]): VadSession => ({
  ...mixingSession(),
  step: () => Float32Array.from(values),
});

describe('createVad', () => {
  it('puts the end of the previous frame in front of each', () => {
    const session = mixingSession();
    const vad = createVad(session, small);
    vad.step(Float32Array.of(1, 2, 3, 4, 5));
    vad.step(Float32Array.of(6, 7, 8, 9, 10));
    expect(session.inputs.map((input) => [...input])).toEqual([
      [0, 0, 0, 1, 2, 3, 4, 5],
      [3, 4, 5, 6, 7, 8, 9, 10],
    ]);
  });

  it('knows the frames of the Silero models', () => {
    const current = mixingSession();
    const vad = createVad(current, sileroV5);
    const frames = noise(1024, 5);
    vad.step(frames.subarray(0, 512));
    vad.step(frames.subarray(512));
    expect(vad.frameMs).toBe(32);
    expect(current.inputs[1]).toEqual(frames.subarray(512 - 64));

    const legacy = mixingSession();
    const legacyVad = createVad(legacy, sileroLegacy);
    legacyVad.step(noise(1536, 6));
    expect(legacyVad.frameMs).toBe(96);
    expect(legacy.inputs[0]).toEqual(noise(1536, 6));
  });

  it('takes a context longer than a frame', () => {
    const session = mixingSession();
    const vad = createVad(session, { modelSampleRate: 8000, frameSamples: 2, contextSamples: 3 });
    for (const frame of pieces(Float32Array.of(1, 2, 3, 4, 5, 6), [2])) vad.step(frame);
    expect(session.inputs.map((input) => [...input])).toEqual([
      [0, 0, 0, 1, 2],
      [0, 1, 2, 3, 4],
      [2, 3, 4, 5, 6],
    ]);
  });

  it('gives the same number by step and by advance', () => {
    const [a, b] = [createVad(mixingSession(), small), createVad(mixingSession(), small)];
    const view = b.probability;
    for (const frame of pieces(noise(50, 1), [5])) {
      const probability = a.step(frame);
      b.advance(frame);
      expect(view[0]).toBe(probability);
      expect(a.probability[0]).toBe(probability);
    }
    expect(b.probability).toBe(view);
  });

  it('continues from a state as if nothing had happened, and starts anew on reset', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer(),
        (before, after, seed) => {
          const frames = pieces(noise((before + after) * 5, seed), [5]);
          const vad = createVad(mixingSession(), small);
          const expected = frames.map((frame) => vad.step(frame));

          vad.reset();
          expect(vad.probability[0]).toBe(0);
          const start = frames.slice(0, before).map((frame) => vad.step(frame));
          const state = vad.getState();
          const disturbed = createVad(mixingSession(), small);
          disturbed.step(Float32Array.of(1, 1, 1, 1, 1));
          // The state is a copy: what the first detector does afterwards does not reach the second.
          vad.step(Float32Array.of(-1, -1, -1, -1, -1));
          disturbed.setState(state);
          const end = frames.slice(before).map((frame) => disturbed.step(frame));
          expect([...start, ...end]).toEqual(expected);
        },
      ),
    );
  });

  it('makes a session of a model and checks its input', () => {
    const model = (shape: number[]): VadModel => ({
      name: 'silero',
      inputs: [{ name: 'input', shape }],
      createSession: mixingSession,
    });
    const frame = noise(512, 1);
    const expected = createVad(mixingSession(), sileroV5).step(frame);
    expect(createVad(model([1, 576]), sileroV5).step(frame)).toBe(expected);
    expect(errorOf(() => createVad(model([1, 512]), sileroV5))).toBe(
      'silero: input "input" has shape [1,512]: expected [1,576], 64 samples of context and 512 of frame',
    );
    const two = {
      createSession: mixingSession,
      inputs: ['input', 'sr'].map((name) => ({ name, shape: [1, 576] })),
    };
    expect(errorOf(() => createVad(two, sileroV5))).toBe(
      'the model has 2 inputs (input, sr): expected one, the samples',
    );
  });

  it('refuses a model for another rate', () => {
    expect(errorOf(() => createVad(mixingSession(), { ...sileroV5, sampleRate: 44100 }))).toBe(
      'the model is for 16000 Hz and the frames are at 44100 Hz: resample to 16000 Hz',
    );
    expect(createVad(mixingSession(), { ...sileroV5, sampleRate: 16000 }).sampleRate).toBe(16000);
  });

  it('refuses sizes that are none', () => {
    expect(errorOf(() => createVad(mixingSession(), { ...sileroV5, frameSamples: 0 }))).toBe(
      'frameSamples is 0: expected a whole number of at least 1',
    );
    expect(errorOf(() => createVad(mixingSession(), { ...sileroV5, contextSamples: 0.5 }))).toBe(
      'contextSamples is 0.5: expected a whole number of at least 0',
    );
  });

  it('refuses a bad frame and is as before then', () => {
    const vad = createVad(mixingSession(), small);
    const untouched = createVad(mixingSession(), small);
    const frames = pieces(noise(10, 4), [5]);
    vad.step(frames[0] ?? new Float32Array(0));
    untouched.step(frames[0] ?? new Float32Array(0));
    expect(errorOf(() => vad.step(new Float32Array(4)))).toBe('a frame of 4 samples: expected 5');
    expect(errorOf(() => vad.step(Float32Array.of(0, 0, 0, NaN, 0)))).toBe(
      'sample 3 of the frame is NaN: expected −1 to 1',
    );
    expect(errorOf(() => vad.step(Float32Array.of(-Infinity, 0, 0, 0, 0)))).toBe(
      'sample 0 of the frame is -Infinity: expected −1 to 1',
    );
    const next = frames[1] ?? new Float32Array(0);
    expect(vad.step(next)).toBe(untouched.step(next));
  });

  it('refuses a state of another detector', () => {
    const vad = createVad(mixingSession(), small);
    const { session } = vad.getState();
    expect(
      errorOf(() => {
        vad.setState({ context: new Float32Array(4), session });
      }),
    ).toBe('a state with 4 samples of context: expected 3');
    expect(
      errorOf(() => {
        vad.setState({ context: Float32Array.of(0, NaN, 0), session });
      }),
    ).toBe('sample 1 of the context is NaN: expected −1 to 1');
  });

  it('moves a rounding error back into 0 to 1, and refuses what is no probability', () => {
    const frame = new Float32Array(5);
    expect(createVad(sessionThatGives(1.0000002), small).step(frame)).toBe(1);
    expect(createVad(sessionThatGives(-1e-7), small).step(frame)).toBe(0);
    for (const [given, text] of [
      [[NaN], 'NaN'],
      [[17], '17'],
      [[], 'nothing'],
    ] as const) {
      expect(errorOf(() => createVad(sessionThatGives(...given), small).step(frame))).toBe(
        `the model gave ${text}: expected a probability, 0 to 1`,
      );
    }
  });
});

describe('streamRecording', () => {
  it('is resampling, framing and stepping over the whole', () => {
    const rate = fc.constantFrom(8000, 16000, 44100, 48000);
    fc.assert(
      fc.property(rate, fc.nat(5000), fc.integer(), (sampleRate, length, seed) => {
        const samples = noise(length, seed);
        const vad = createVad(mixingSession(), { ...small, frameSamples: 160 });
        // It starts anew whatever came before.
        vad.step(noise(160, 9));
        const result = streamRecording({ samples, sampleRate }, vad);

        const whole = resample(samples, sampleRate, 16000);
        const padded = new Float32Array(Math.ceil(whole.length / 160) * 160);
        padded.set(whole);
        vad.reset();
        const expected = pieces(padded, [160]).map((frame) => vad.step(frame));
        expect(result.probabilities).toEqual(Float32Array.from(expected));
        expect(result.times).toEqual(Float64Array.from(expected, (_, index) => (index * 10) / 1000));
        expect(result.durationMs).toBeCloseTo((length / sampleRate) * 1000, 9);
        expect(result.frameMs).toBe(10);
      }),
      { numRuns: 30 },
    );
  });

  it('gives the same as samples that arrive in worklet blocks', () => {
    const samples = noise(16000, 8);
    const whole = streamRecording({ samples, sampleRate: 16000 }, createVad(mixingSession(), sileroV5));
    const vad = createVad(mixingSession(), sileroV5);
    const probabilities: number[] = [];
    const framer = createFramer(vad.frameSamples, (frame) => probabilities.push(vad.step(frame)));
    for (const block of pieces(samples, [128])) framer.push(block);
    framer.finish();
    expect(Float32Array.from(probabilities)).toEqual(whole.probabilities);
  });

  it('tells its progress to the end', () => {
    const progress: { done: number; total: number }[] = [];
    const samples = noise(150000, 2);
    const vad = createVad(mixingSession(), sileroV5);
    streamRecording({ samples, sampleRate: 16000 }, vad, (value) => progress.push(value));
    const total = Math.ceil(150000 / 512);
    expect(progress).toEqual([
      { done: 128, total },
      { done: 256, total },
      { done: 292, total },
      { done: total, total },
    ]);
  });

  it('names the place of a sample that is no number', () => {
    const samples = noise(22050, 2);
    samples[11025] = NaN;
    const vad = createVad(mixingSession(), sileroV5);
    expect(errorOf(() => streamRecording({ samples, sampleRate: 22050 }, vad))).toBe(
      'sample 11025 (at 0.500 s) of the recording is NaN: expected −1 to 1',
    );
  });
});
