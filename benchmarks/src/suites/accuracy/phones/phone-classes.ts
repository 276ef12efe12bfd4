import type { SpokenSentence } from '../datasets/fillets-speech.ts';

/** Phones said less often are left out of transcripts: nothing can be learnt of them. */
const leastCount = 40;

/** Phones of a language as classes of a network; class 0 is the blank of CTC. */
export interface PhoneClasses {
  /** Classes, the blank among them. */
  readonly count: number;
  readonly of: (sentence: SpokenSentence) => number[];
}

/** Numbers the phones of sentences, the most frequent first. */
export function phoneClasses(sentences: readonly SpokenSentence[]): PhoneClasses {
  const counts = new Map<string, number>();
  for (const { phones } of sentences) {
    for (const phone of phones) counts.set(phone, (counts.get(phone) ?? 0) + 1);
  }
  const frequent = [...counts].filter(([, count]) => count >= leastCount);
  frequent.sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1));
  const classes = new Map(frequent.map(([phone], index) => [phone, index + 1]));
  return {
    count: classes.size + 1,
    of: ({ phones }) => phones.flatMap((phone) => classes.get(phone) ?? []),
  };
}
