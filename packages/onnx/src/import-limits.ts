/** What an import may use at most; a model that asks for more is refused with a `GrimError`. */
export interface ImportLimits {
  /** Elements of any one tensor, constant or computed. */
  readonly tensorElements: number;
  /**
   * Elements written while folding constants, summed over the whole import, plus four for every byte of the model and of
   * its external data. Integers take 8 bytes each, floats 4.
   */
  readonly foldedElements: number;
  /** Multiply-adds, summed over the whole import, of operators with weights whose operands are all constant. */
  readonly foldedMacs: number;
  /**
   * Elements of constant operands, summed over all nodes of the graph, plus four for every byte of the model and of its
   * external data. It bounds what a weight used by very many nodes costs.
   */
  readonly operandElements: number;
  /** Operators inside operators: branches of `If` in branches of `If`. */
  readonly graphDepth: number;
  /** Protobuf messages in the file: nodes, attributes, tensors, dimensions. */
  readonly messages: number;
  /** Numbers that are stored one by one (typed data fields, attributes) and not as raw bytes. */
  readonly listedNumbers: number;
}

/** The bounds an import keeps to unless told otherwise. */
export const defaultImportLimits: ImportLimits = {
  tensorElements: 2 ** 26,
  foldedElements: 2 ** 26,
  foldedMacs: 2 ** 28,
  operandElements: 2 ** 28,
  graphDepth: 32,
  messages: 2 ** 20,
  listedNumbers: 2 ** 24,
};

/** More numbers than any list of axes, sizes or pads holds. */
export const maximumListLength = 1024;
