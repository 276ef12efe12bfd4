/** Vector registers of x86-64 that V8 assigns. */
const REGISTERS = 15;

/**
 * Most vectors of a tile that are summed in one pass over the columns of a subset. V8 loads all operands of a column before it
 * multiplies the first, so that inputs, weights and sums must all fit its registers; at least one, where rows are too many for that.
 */
export const passVectors = (rows: number): number => Math.max(1, Math.floor((REGISTERS - rows) / (rows + 1)));
