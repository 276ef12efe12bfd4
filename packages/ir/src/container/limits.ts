/** Schema version of `.grim` files that this release writes and reads. */
export const schemaVersion = 1;

/** Most bytes of linear memory a plan may ask for. */
export const maximumMemoryBytes = 2 ** 31;

/** Most threads a plan may be made for; the runtime starts no more than it is asked for. */
export const maximumThreads = 256;

/** Bytes of the words that threads wait on: two cache lines. */
export const threadControlBytes = 128;

/** Most dimensions of a shape. */
export const maximumRank = 16;

/**
 * Most bytes a compact weight may become per stored byte.
 *
 * It bounds what a small hostile file can make a reader allocate; writers store the few weights that compress
 * further (nearly all zeros) dense.
 */
export const maximumExpansion = 256;

/** Most bytes of the header. Objects are made of its fields while it is read, so it is bounded before. */
export const maximumHeaderBytes = 2 ** 20;

/** Most bytes of a section that holds a message, for the same reason. */
export const maximumMessageBytes = 2 ** 26;
