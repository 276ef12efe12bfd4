import type { Shape } from './tensor.ts';

/** A dense row-major 32-bit float tensor at a fixed place in linear memory. */
export interface Port {
  readonly name: string;
  readonly shape: Shape;
  /** Byte offset in linear memory, a multiple of 16. */
  readonly offset: number;
}

/** Recurrent state in linear memory; a run reads and replaces it in place. */
export interface StatePort extends Port {
  /** Values before the first run; zeros when absent. */
  readonly initial?: Float32Array;
}

/** A tensor somewhere in linear memory, in any layout. */
export interface StridedView {
  /** Value name in the graph. */
  readonly value: string;
  /** Logical shape. */
  readonly shape: Shape;
  /** Byte offset of the first element. */
  readonly offset: number;
  /** Distance between neighbours along each dimension, in elements. */
  readonly strides: readonly number[];
}

/** One kernel call of a plan, in execution order. */
export interface PlannedCall {
  /** Export of the module that runs this call alone, without arguments. */
  readonly entry: string;
  /** Node of the graph it belongs to. */
  readonly node: string;
  /** Kernel name; it states family, shape class and schedule. */
  readonly kernel: string;
  /** Kernel family, e.g. `spmv`. */
  readonly family: string;
  /** The path taken and why, for reports: `bcr 4.0x`, `dense: …`. */
  readonly path: string;
  /** Multiply-adds executed, padding included. */
  readonly macs: number;
  /** Bytes of packed weights and indices that the call reads. */
  readonly weightBytes: number;
  /**
   * Padding of the layer: weights that its calls multiply with over those that are not zero. Absent where a layer has no
   * weights.
   */
  readonly padding?: number;
  /** The value that is complete after this call; absent for calls that only prepare one. */
  readonly result?: StridedView;
}

/** Threads that share linear memory, each of which runs a part of every large call. */
export interface PlannedThreads {
  /** Most threads that have something to do, at least 2. */
  readonly count: number;
  /** Byte offset of the 128 bytes that hold the words threads wait on, a multiple of 64. */
  readonly controlOffset: number;
}

/** Everything a runtime needs to place and run a compiled model. */
export interface Plan {
  readonly model: string;
  /** Bytes of linear memory: constant image, arena, ports and states. */
  readonly memoryBytes: number;
  /** Where the constant image is copied to before the first run. */
  readonly imageOffset: number;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly states: readonly StatePort[];
  readonly calls: readonly PlannedCall[];
  /** WebAssembly features the code uses beyond the core specification, e.g. `simd128`. */
  readonly features: readonly string[];
  /** Features of the relaxed variant of the code; absent when there is only the strict one. */
  readonly relaxedFeatures?: readonly string[];
  /** How several threads run the code; absent when only one can. */
  readonly threads?: PlannedThreads;
}
