import type { Graph } from '../graph.ts';
import type { BcrSpec } from '../layer-spec.ts';
import type { Plan } from '../plan.ts';

/** Where the contents of a `.grim` file come from. */
export interface Provenance {
  /** Version of GRIM that wrote the file. */
  readonly grimVersion: string;
  /** Name of the file that was imported; absent for graphs that were built in memory. */
  readonly sourceFile?: string;
  /** SHA-256 of that file, 64 lowercase hexadecimal digits. */
  readonly sourceSha256?: string;
  /** Name and version of the importer. */
  readonly importer?: string;
  /** Options that the file was made with, as text. */
  readonly options: Readonly<Record<string, string>>;
}

/** What a `.grim` file holds: a network, its compiled form, or both. */
export interface Artefact {
  readonly graph?: Graph;
  /** Where the compiled form lies in linear memory and what it calls. */
  readonly plan?: Plan;
  /** WebAssembly module, strict: every engine computes the same bits. */
  readonly code?: Uint8Array;
  /** The same program with multiply-adds that may round once, for engines that have `plan.relaxedFeatures`. */
  readonly relaxedCode?: Uint8Array;
  /** Constant memory image: packed weights and tables. */
  readonly image?: Uint8Array;
  readonly provenance: Provenance;
}

/** The compiled form of a network: the part of an {@link Artefact} that a runtime needs. */
export interface CompiledProgram {
  readonly plan: Plan;
  /** WebAssembly module, strict: every engine computes the same bits. */
  readonly code: Uint8Array;
  /** The same program with multiply-adds that may round once, for engines that have `plan.relaxedFeatures`. */
  readonly relaxedCode?: Uint8Array;
  /** Constant memory image, copied to `plan.imageOffset` before the first run. */
  readonly image: Uint8Array;
}

/**
 * A compact form for pruned weight matrices.
 *
 * The matrix of a constant is its first dimension by all others, in row-major order.
 */
export interface MatrixCodec {
  /** Written into the file; a reader needs a codec of the same identifier. */
  readonly id: string;
  /** The compact form, or `undefined` when the matrix is better stored dense. Values must survive; the sign of a zero may not. */
  readonly encode: (
    values: Float32Array,
    rows: number,
    columns: number,
    spec: BcrSpec,
  ) => Uint8Array | undefined;
  /** The `rows × columns` values. Throws `RangeError` when the bytes are not a matrix of that size. */
  readonly decode: (bytes: Uint8Array, rows: number, columns: number) => Float32Array;
}
