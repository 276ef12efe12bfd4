import { commentText } from '../comment-text.ts';

/** What the header of every project states. */
export interface HeaderFacts {
  /** Name of the model. */
  readonly model: string;
  readonly prefix: string;
  readonly contextBytes: number;
  readonly weightBytes: number;
  /** Whether the weights are an array of the program. */
  readonly hasWeightArray: boolean;
}

/** What the header of a target says in its own words. */
export interface HeaderText {
  /** What code needs, after "Needs ". */
  readonly needs: string;
  /** Ends the comment of the bytes of a context. */
  readonly contextBytes?: string;
  /** Ends the comment of a context, from its second line on. */
  readonly context: string;
  /** The documented prototypes. */
  readonly functions: string;
}

/** The weights where a call takes them, for its comment. */
export const weightsWords = ({ prefix, hasWeightArray }: HeaderFacts): string =>
  hasWeightArray ? `, such as ${prefix}_weights` : `: the contents of ${prefix}_weights.bin`;

/** A header for C and C++: sizes, weights, the type of a context, and the functions of a target. */
export function frameHeader(facts: HeaderFacts, text: HeaderText): string {
  const { model, prefix, contextBytes, weightBytes, hasWeightArray } = facts;
  const upper = prefix.toUpperCase();
  const array = `
/** The weights. */
extern const unsigned char ${prefix}_weights[${upper}_WEIGHT_BYTES];
`;
  return `/* The model "${commentText(model)}". Needs ${text.needs}. */
#ifndef ${upper}_H
#define ${upper}_H

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of memory that a context needs, aligned to 16${text.contextBytes ?? ''}. */
#define ${upper}_CONTEXT_BYTES ${String(contextBytes)}

/** Bytes of the weights. */
#define ${upper}_WEIGHT_BYTES ${String(weightBytes)}
${hasWeightArray ? array : ''}
/**
 * One stream of data through the model: its states and what is computed on the way. There may be any number, and threads may use
 * ${text.context}
 */
typedef struct ${prefix}_context ${prefix}_context;

${text.functions}

#ifdef __cplusplus
}
#endif

#endif
`;
}
