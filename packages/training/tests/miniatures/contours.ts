import type { Graph, Tensor } from '@grim/ir';
import { mixSeed, seededRandom } from '../../src/data/random.ts';
import { randomConstants } from '../support/random-values.ts';

/** Extents of the task. */
export const steps = 8;
export const bands = 16;
export const hidden = 48;

/** Where in the spectrum a tone is, from 0 to 1, at a time from 0 to 1: one class each. */
const contours: readonly ((time: number) => number)[] = [
  () => 0.3,
  () => 0.6,
  (time) => 0.25 + 0.4 * time,
  (time) => 0.65 - 0.4 * time,
  (time) => 0.3 + 0.4 * (1 - Math.abs(2 * time - 1)),
  (time) => 0.6 - 0.4 * (1 - Math.abs(2 * time - 1)),
  (time) => (time < 0.5 ? 0.3 : 0.6),
  (time) => (time < 0.5 ? 0.6 : 0.3),
];

export const classes = contours.length;

/** Tones in noise and which contour they follow. */
export interface Tones {
  /** Energy by example, step and band. */
  readonly x: Tensor;
  readonly labels: Uint8Array;
}

/** Draws tones: any height, some vibrato, and noise in which they nearly drown. */
export function drawTones(count: number, seed: number): Tones {
  const random = seededRandom(seed);
  const around = (): number => random.next() + random.next() + random.next() - 1.5;
  const data = new Float32Array(count * steps * bands);
  const labels = new Uint8Array(count);
  for (let example = 0; example < count; example++) {
    const label = random.below(classes);
    labels[example] = label;
    const shift = 0.12 * around();
    const loudness = 0.8 + 0.4 * random.next();
    for (let step = 0; step < steps; step++) {
      const centre = (contours[label]?.(step / (steps - 1)) ?? 0) + shift + 0.02 * around();
      for (let band = 0; band < bands; band++) {
        const distance = (band / (bands - 1) - centre) / 0.06;
        data[(example * steps + step) * bands + band] =
          loudness * Math.exp(-(distance ** 2) / 2) + 0.45 * around();
      }
    }
  }
  return { x: { shape: [count, steps, bands], data }, labels };
}

/** A GRU and a linear layer over its last state, before training. */
export function toneClassifier(seed: number): Graph {
  const constants = randomConstants(
    { 'gru.w': [3 * hidden, bands], 'gru.r': [3 * hidden, hidden], 'head.w': [classes, hidden] },
    mixSeed(seed),
  );
  for (const [name, scale] of [
    ['gru.w', 0.5],
    ['gru.r', 0.3],
    ['head.w', 0.3],
  ] as const) {
    const data = constants.get(name)?.data ?? new Float32Array();
    for (const [index, value] of data.entries()) data[index] = value * scale;
  }
  constants.set('gru.b', { shape: [3 * hidden], data: new Float32Array(3 * hidden) });
  constants.set('head.b', { shape: [classes], data: new Float32Array(classes) });
  return {
    name: 'tones',
    inputs: [{ name: 'x', shape: [steps, 1, bands] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants,
    nodes: [
      {
        name: 'gru',
        op: {
          kind: 'gru',
          hidden,
          direction: 'forward',
          linearBeforeReset: true,
          activations: [{ function: 'sigmoid' }, { function: 'tanh' }],
        },
        inputs: ['x', 'gru.w', 'gru.r', 'gru.b'],
        outputs: ['all', 'last'],
      },
      { name: 'head', op: { kind: 'linear' }, inputs: ['last', 'head.w', 'head.b'], outputs: ['y'] },
    ],
  };
}
