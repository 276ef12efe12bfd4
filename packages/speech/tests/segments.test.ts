import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createSegmenter,
  probabilitiesToCsv,
  segmentSpeech,
  segmentsToCsv,
  segmentsToCues,
  segmentsToJson,
  speechOnly,
  type SegmentEvent,
  type SegmentSpeechOptions,
  type SpeechSegment,
} from '../src/index.ts';
import { errorOf } from './support/error-of.ts';

/** Frames of 10 ms and no padding, so that numbers are easy to follow. */
const plain = { frameMs: 10, minSpeechMs: 0, minSilenceMs: 0, speechPadMs: 0 };
const spans = (probabilities: readonly number[], options: SegmentSpeechOptions) =>
  segmentSpeech(probabilities, options).map(({ start, end }) => [
    Math.round(start * 1000),
    Math.round(end * 1000),
  ]);
const frames = (...runs: [count: number, probability: number][]) =>
  runs.flatMap(([count, probability]) => new Array<number>(count).fill(probability));

/** The rules as a search over the whole signal: slow, and written without the code under test. */
function reference(
  probabilities: readonly number[],
  options: Required<SegmentSpeechOptions>,
): SpeechSegment[] {
  const { threshold, negativeThreshold, frameMs, minSilenceMs, minSpeechMs, speechPadMs, durationMs } =
    options;
  const count = probabilities.length;
  const at = (frame: number) => probabilities[frame] ?? NaN;
  /** First frame below the negative threshold since the last that reached the threshold. */
  const silenceBefore = (frame: number) => {
    const spoken = probabilities.slice(0, frame).findLastIndex((probability) => probability >= threshold);
    return probabilities.findIndex((probability, place) => place > spoken && probability < negativeThreshold);
  };
  const closes = (frame: number) =>
    at(frame) < negativeThreshold && (frame - silenceBefore(frame)) * frameMs >= minSilenceMs;
  const found: { first: number; after: number; start: number; end: number }[] = [];
  for (let frame = 0; frame < count; frame++) {
    if (at(frame) < threshold) continue;
    const first = frame;
    while (frame < count && !closes(frame)) frame++;
    const after = frame < count ? silenceBefore(frame) : count;
    const end = frame < count ? after * frameMs : durationMs;
    if (end - first * frameMs > minSpeechMs) found.push({ first, after, start: first * frameMs, end });
  }
  return found.map(({ first, after, start, end }, index) => {
    const gapBefore = start - (found[index - 1]?.end ?? -Infinity);
    const gapAfter = (found[index + 1]?.start ?? Infinity) - end;
    const inside = probabilities.slice(first, after);
    return {
      start: Math.max(0, start - Math.min(speechPadMs, gapBefore / 2)) / 1000,
      end: Math.min(durationMs, end + Math.min(speechPadMs, gapAfter / 2)) / 1000,
      meanProbability: inside.reduce((sum, probability) => sum + probability, 0) / inside.length,
      peakProbability: Math.max(...inside),
    };
  });
}

describe('segmentSpeech', () => {
  it('opens at the threshold and closes below the negative one', () => {
    expect(spans([0, 0.5, 0.4, 0.35, 0.34, 0.9, 0], { ...plain })).toEqual([
      [10, 40],
      [50, 60],
    ]);
    expect(spans([0.49, 0.49], plain)).toEqual([]);
  });

  it('has the defaults it documents', () => {
    // 8 frames of 32 ms are the first count to exceed 250 ms. The fifth frame of silence starts 128 ms after the first.
    expect(spans(frames([7, 1], [9, 0]), {})).toEqual([]);
    expect(spans(frames([8, 1], [9, 0]), {})).toEqual([[0, 8 * 32 + 30]]);
    expect(spans(frames([8, 1], [4, 0], [8, 1], [9, 0]), {})).toEqual([[0, 20 * 32 + 30]]);
    expect(spans(frames([8, 1], [5, 0], [8, 1], [9, 0]), {})).toEqual([
      [0, 8 * 32 + 30],
      [13 * 32 - 30, 21 * 32 + 30],
    ]);
    // 0.35 does not close (threshold 0.5 − 0.15), 0.34 does.
    expect(spans(frames([8, 1], [5, 0.35], [8, 1]), {})).toHaveLength(1);
    expect(spans(frames([8, 1], [5, 0.34], [8, 1]), {})).toHaveLength(2);
    // A low threshold keeps a negative one that can be reached.
    expect(spans(frames([8, 0.2], [5, 0], [8, 0.2]), { threshold: 0.1 })).toHaveLength(2);
  });

  it('closes only at a frame below the negative threshold, and where the silence began', () => {
    expect(spans([1, 0.4, 0, 0.4, 0.4, 0.4, 0, 1], { ...plain, minSilenceMs: 30 })).toEqual([
      [0, 20],
      [70, 80],
    ]);
    expect(spans([1, 0.4, 0, 0.4, 0.4, 0.4, 1, 1], { ...plain, minSilenceMs: 30 })).toEqual([[0, 80]]);
  });

  it('lets open speech last until the end of the signal', () => {
    expect(spans([0, 1, 1, 0], { ...plain, minSilenceMs: 50 })).toEqual([[10, 40]]);
    expect(spans([0, 1, 1, 0.4], { ...plain, durationMs: 35 })).toEqual([[10, 35]]);
    expect(spans([0, 1, 1], { ...plain, minSpeechMs: 15, durationMs: 25 })).toEqual([]);
    expect(spans([0, 1, 1], { ...plain, minSpeechMs: 15, durationMs: 26 })).toEqual([[10, 26]]);
  });

  it('pads, not beyond the signal, and halves a silence that is too short for both pads', () => {
    const padded = { ...plain, speechPadMs: 15 };
    expect(spans(frames([1, 1], [5, 0], [1, 1], [2, 0], [1, 1]), padded)).toEqual([
      [0, 25],
      [45, 80],
      [80, 100],
    ]);
    expect(spans(frames([1, 1], [1, 0]), { ...padded, durationMs: 12 })).toEqual([[0, 12]]);
  });

  it('gives mean and peak of the frames of speech', () => {
    const [segment] = segmentSpeech([0, 0.5, 1, 0.75, 0, 0], { ...plain, minSilenceMs: 10, speechPadMs: 10 });
    expect(segment).toEqual({ start: 0, end: 0.05, meanProbability: 0.75, peakProbability: 1 });
    // A silence that was too short counts.
    const [longer] = segmentSpeech([1, 0, 0.5], { ...plain, minSilenceMs: 20 });
    expect(longer?.meanProbability).toBe(0.5);
  });

  it('is what the rules say, in a piece or as it arrives', () => {
    const level = fc.oneof(
      fc.constantFrom(0, 0.2, 0.4, 0.5, 0.9),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    // Runs, as independent frames seldom make long segments.
    const signal = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 6 }), level), { maxLength: 25 })
      .map((runs) => frames(...runs));
    const options = fc.record({
      threshold: fc.constantFrom(0.3, 0.5, 0.8),
      gap: fc.constantFrom(0, 0.15, 0.29),
      minSpeechMs: fc.integer({ min: 0, max: 120 }),
      minSilenceMs: fc.integer({ min: 0, max: 80 }),
      speechPadMs: fc.integer({ min: 0, max: 60 }),
      frameMs: fc.constantFrom(10, 32, 96),
      lastPart: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(signal, options, (probabilities, { gap, lastPart, ...rest }) => {
        const given = {
          ...rest,
          negativeThreshold: rest.threshold - gap,
          durationMs: Math.max(0, probabilities.length - 1 + lastPart) * rest.frameMs,
        };
        if (probabilities.length === 0) given.durationMs = 0;
        const expected = reference(probabilities, given);
        const batch = segmentSpeech(probabilities, given);
        expect(batch).toHaveLength(expected.length);
        batch.forEach((segment, index) => {
          const { start = NaN, end = NaN, meanProbability = NaN, peakProbability } = expected[index] ?? {};
          expect(segment.start).toBeCloseTo(start, 9);
          expect(segment.end).toBeCloseTo(end, 9);
          expect(segment.meanProbability).toBeCloseTo(meanProbability, 9);
          expect(segment.peakProbability).toBe(peakProbability);
        });

        const events: SegmentEvent[] = [];
        const segmenter = createSegmenter(given, (event) => events.push(event));
        // Twice: finish starts anew.
        for (let pass = 0; pass < 2; pass++) {
          events.length = 0;
          for (const probability of probabilities) segmenter.push(probability);
          segmenter.finish(given.durationMs);
          const pairs = batch.flatMap((segment): SegmentEvent[] => [
            { kind: 'start', start: segment.start },
            { kind: 'end', segment },
          ]);
          expect(events).toEqual(pairs);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<[readonly number[], SegmentSpeechOptions, string]>([
    [[0, 0, NaN], {}, 'the probability of frame 2 is NaN: expected 0 to 1'],
    [[0, 1.5], {}, 'the probability of frame 1 is 1.5: expected 0 to 1'],
    [[], { threshold: 0 }, 'threshold is 0: expected more than 0 and at most 1'],
    [[], { threshold: NaN }, 'threshold is NaN: expected more than 0 and at most 1'],
    [
      [],
      { negativeThreshold: 0.6 },
      'negativeThreshold is 0.6: expected more than 0 and at most the threshold 0.5',
    ],
    [[], { minSpeechMs: -1 }, 'minSpeechMs is -1: expected 0 or more milliseconds'],
    [[], { minSilenceMs: Infinity }, 'minSilenceMs is Infinity: expected 0 or more milliseconds'],
    [[], { speechPadMs: NaN }, 'speechPadMs is NaN: expected 0 or more milliseconds'],
    [[], { frameMs: 0 }, 'frameMs is 0: expected more than 0 milliseconds'],
    [
      [0, 0],
      { durationMs: 65 },
      'a duration of 65 ms for 2 frames of 32 ms: expected it to end in the last frame',
    ],
    [
      [0, 0],
      { durationMs: 31 },
      'a duration of 31 ms for 2 frames of 32 ms: expected it to end in the last frame',
    ],
  ])('refuses %j with %j', (probabilities, options, message) => {
    expect(errorOf(() => segmentSpeech(probabilities, options))).toBe(message);
  });
});

describe('createSegmenter', () => {
  it('reports a start when the speech is long enough, and an end when its padding is free', () => {
    const log: [frame: number, event: SegmentEvent][] = [];
    let frame = 0;
    const options = { frameMs: 10, minSpeechMs: 30, minSilenceMs: 20, speechPadMs: 20 };
    const segmenter = createSegmenter(options, (event) => log.push([frame, event]));
    const speaking: boolean[] = [];
    for (const probability of frames([5, 0], [4, 1], [6, 0])) {
      segmenter.push(probability);
      speaking.push(segmenter.speaking);
      frame++;
    }
    const segment = { start: 0.03, end: 0.11, meanProbability: 1, peakProbability: 1 };
    expect(log).toEqual([
      [8, { kind: 'start', start: 0.03 }],
      [13, { kind: 'end', segment }],
    ]);
    expect(speaking).toEqual(
      [8, 3, 4].flatMap((count, index) => new Array<boolean>(count).fill(index === 1)),
    );
  });

  it('reports nothing after reset', () => {
    const events: SegmentEvent[] = [];
    const segmenter = createSegmenter(plain, (event) => events.push(event));
    segmenter.push(1);
    segmenter.reset();
    expect(segmenter.speaking).toBe(false);
    segmenter.finish();
    expect(events).toEqual([{ kind: 'start', start: 0 }]);
  });
});

describe('what is written about segments', () => {
  const segments = [
    { start: 0.002, end: 1.5, meanProbability: 0.91234, peakProbability: 1 },
    { start: 2, end: 2.25, meanProbability: 0.5, peakProbability: 0.62 },
  ];

  it('as CSV', () => {
    expect(segmentsToCsv(segments)).toBe(
      'start,end,duration,meanProbability,peakProbability\n' +
        '0.002,1.500,1.498,0.9123,1.0000\n' +
        '2.000,2.250,0.250,0.5000,0.6200\n',
    );
    expect(segmentsToCsv([])).toBe('start,end,duration,meanProbability,peakProbability\n');
  });

  it('as JSON', () => {
    const text = segmentsToJson(segments);
    expect(text.endsWith(']\n')).toBe(true);
    expect(JSON.parse(text)).toEqual([{ ...segments[0], meanProbability: 0.9123 }, segments[1]]);
    expect(segmentsToJson([])).toBe('[]\n');
  });

  it('as cues', () => {
    expect(segmentsToCues(segments)).toEqual([
      { start: 0.002, end: 1.5, label: 'speech 1 (0.91)' },
      { start: 2, end: 2.25, label: 'speech 2 (0.50)' },
    ]);
  });

  it('as CSV of probabilities', () => {
    const result = { probabilities: Float32Array.of(0, 0.25), times: Float64Array.of(0, 0.032) };
    expect(probabilitiesToCsv(result)).toBe('time,probability\n0.0000,0.000000\n0.0320,0.250000\n');
  });

  it('as the speech alone', () => {
    const samples = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const recording = { samples, sampleRate: 10 };
    const cut = [
      { start: 0.1, end: 0.3 },
      { start: 0.6, end: 2 },
    ];
    expect(speechOnly(recording, cut)).toEqual(Float32Array.of(1, 2, 6, 7));
    expect(speechOnly(recording, [])).toEqual(new Float32Array(0));
  });
});
