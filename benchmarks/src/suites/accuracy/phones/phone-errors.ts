import type { Graph } from '@grim/ir';
import { decodeCtc } from '@grim/speech';
import { distance } from 'fastest-levenshtein';
import { compileModel } from '../cells/compile-model.ts';
import { features } from './phone-graph.ts';
import type { PhoneSequence } from './phone-sequences.ts';

/**
 * Phone error rate: substitutions, insertions and deletions per phone of the transcripts, by the streaming model as it is
 * shipped, with best path decoding.
 */
export async function phoneErrors(
  streaming: Graph,
  classes: number,
  sequences: readonly PhoneSequence[],
): Promise<number> {
  const { session } = await compileModel(streaming);
  let [errors, total] = [0, 0];
  for (const { steps, phones } of sequences) {
    session.reset();
    const count = steps.length / features;
    const logits = new Float32Array(count * classes);
    for (let step = 0; step < count; step++) {
      logits.set(session.step(steps.subarray(step * features, (step + 1) * features)), step * classes);
    }
    const found = decodeCtc(logits, classes).map(({ symbol }) => symbol);
    errors += distance(asText(found), asText(phones));
    total += phones.length;
  }
  return errors / total;
}

/** A character for each class, so that a distance of texts is one of sequences. */
function asText(classes: readonly number[]): string {
  return String.fromCharCode(...classes.map((symbol) => 0x4e00 + symbol));
}
