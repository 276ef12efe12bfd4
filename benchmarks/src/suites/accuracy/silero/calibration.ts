import { resample } from '@grim/speech';
import type { CalibrationSequence } from '@grim/prune';
import { inputWindows, sileroVariants } from '@grim/tools/silero';
import { joinedPrompts } from '../../vad/joined-prompts.ts';
import { sixteenBit } from '../../vad/sixteen-bit.ts';
import { noise, randomNumbers } from './noise.ts';
import { calibrationPackages } from './speech-packages.ts';

const { options } = sileroVariants.v5;

/** Frames of a sequence: 9.6 s. */
const sequenceFrames = 300;

/** Part of the sequences that noise is added to, and its range in decibels below the speech. */
const noisy = { share: 0.4, least: 0, most: 30 };

/** Range of the loudness in decibels relative to the prompts. */
const gain = { least: -24, most: 6 };

/** Sequences of noise alone, from hardly audible to loud. */
const noiseSequences = 8;
const noiseLevel = { least: -75, most: -15 };

/** What decides the calibration inputs, for the recipe of a cell. */
export const calibrationRecipe = { sequenceFrames, noisy, gain, noiseSequences, noiseLevel };

/**
 * Speech as a microphone might bring it: loud and low, clean and in noise of different colours, and noise alone.
 *
 * @param secondsPerPackage - Of speech from each package.
 * @param seed - Of loudness and noise.
 */
export function calibrationSequences(secondsPerPackage: number, seed: number): CalibrationSequence[] {
  const random = randomNumbers(seed);
  const between = ({ least, most }: { readonly least: number; readonly most: number }): number =>
    least + random() * (most - least);
  const length = sequenceFrames * options.frameSamples;
  const speech = calibrationPackages.flatMap(({ executable: folder }) => {
    const recording = joinedPrompts(folder, secondsPerPackage);
    const samples = resample(recording.samples, recording.sampleRate, options.modelSampleRate);
    return Array.from({ length: Math.floor(samples.length / length) }, (_, index) =>
      samples.slice(index * length, (index + 1) * length),
    );
  });
  const mixed = speech.map((samples) => {
    const level = amplitude(between(gain));
    const noiseRatio = random() < noisy.share ? amplitude(-between(noisy)) : 0;
    const added = noise(length, random(), random);
    const noiseAmplitude = noiseRatio * rootMeanSquare(samples);
    return samples.map((sample, index) => clipped(level * (sample + noiseAmplitude * (added[index] ?? 0))));
  });
  const alone = Array.from({ length: noiseSequences }, () => {
    const level = amplitude(between(noiseLevel));
    return noise(length, random(), random).map((sample) => clipped(level * sample));
  });
  return [...mixed, ...alone].map((samples) =>
    inputWindows(sixteenBit(samples), options).map((input) => ({ input })),
  );
}

function amplitude(decibels: number): number {
  return 10 ** (decibels / 20);
}

function clipped(sample: number): number {
  return Math.max(-1, Math.min(1, sample));
}

function rootMeanSquare(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
