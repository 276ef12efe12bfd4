import { mixToMono } from '@grim/speech';
import type { SpokenSentence } from '../datasets/fillets-speech.ts';
import { bands, normalisedLogMel } from '../datasets/normalised-log-mel.ts';
import type { PhoneClasses } from './phone-classes.ts';
import { framesPerStep } from './phone-graph.ts';

/** A sentence as the network hears it, and what it should find. */
export interface PhoneSequence {
  /** `steps × features` values. */
  readonly steps: Float32Array;
  /** Classes of its phones. */
  readonly phones: readonly number[];
}

/** Every eighth level of the game is for judging only. */
const levelsPerTestLevel = 8;

/** Sentences of levels to train with, and of levels to judge with. */
export function phoneSequences(
  sentences: readonly SpokenSentence[],
  classes: PhoneClasses,
): { readonly train: PhoneSequence[]; readonly test: PhoneSequence[] } {
  const levels = [...new Set(sentences.map(({ level }) => level))].sort();
  const isTest = ({ level }: SpokenSentence): boolean => levels.indexOf(level) % levelsPerTestLevel === 0;
  const sequence = (sentence: SpokenSentence): PhoneSequence => {
    const { channels, sampleRate } = sentence.audio();
    const spectrum = normalisedLogMel(mixToMono(channels), sampleRate);
    const whole = bands * framesPerStep;
    return {
      steps: spectrum.slice(0, Math.floor(spectrum.length / whole) * whole),
      phones: classes.of(sentence),
    };
  };
  return {
    train: sentences.filter((sentence) => !isTest(sentence)).map(sequence),
    test: sentences.filter(isTest).map(sequence),
  };
}
