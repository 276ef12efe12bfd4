/** Bytes that go between a kernel and one buffer or memory. */
export interface Traffic {
  /** Bytes of all loads, those of the same address counted every time. */
  readonly loadedBytes: number;
  /** Bytes of all stores, those to the same address counted every time. */
  readonly storedBytes: number;
  /** Distinct bytes that are loaded or stored: what has to come from, or go to, a memory beyond all caches. */
  readonly touchedBytes: number;
}

/** Scalar operations of one call; a vector operation counts once per lane, padding and unused lanes included. */
export interface OperationCounts {
  /** Multiply-adds, those inside exponentials and logarithms included. */
  readonly multiplyAdds: number;
  /** All other arithmetic on floats: sums, products, quotients, roots, minima, maxima, comparisons, roundings, signs. */
  readonly otherOperations: number;
  /** Exponentials and logarithms. A sigmoid or a hyperbolic tangent has one; their operations are counted above, too. */
  readonly transcendentals: number;
}

/** What one call of a kernel does, computed without running it. */
export interface KernelEstimate extends OperationCounts {
  /** Traffic by buffer parameter. */
  readonly buffers: Readonly<Record<string, Traffic>>;
}

/** What one call of a program does, computed without running it. */
export interface CallEstimate extends OperationCounts {
  /** Packed weights, indices and constants. */
  readonly constants: Traffic;
  /** Values between layers, inputs, outputs, states and scratch. */
  readonly arena: Traffic;
}
