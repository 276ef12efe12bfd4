import type { Shape } from '@grim/ir';

/** An input, output or state of a model. */
export interface PortDescription {
  /** Any text; what is no identifier becomes a quoted key. */
  readonly name: string;
  /** Extent of each dimension, outermost first. */
  readonly shape: Shape;
}

/** One line of what is known about a model, such as `Source` and the name of a file. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** The model is a `.grim` file that `@grim/runtime` loads. */
export interface GrimFile {
  readonly kind: 'grim';
  /** Name of the file, which lies beside the module. */
  readonly file: string;
}

/** The model is C, compiled to a library that the application loads through a foreign function interface. */
export interface CLibrary {
  readonly kind: 'c';
  /** Begins the names of its functions: `vad` where they are `vad_init`, `vad_reset` and `vad_run`. */
  readonly prefix: string;
  /** Bytes of memory of a context. */
  readonly contextBytes: number;
  /** What the address of that memory is a multiple of, in bytes. */
  readonly contextAlignment: number;
  /** Bytes of the weights, which the application loads from a file. */
  readonly weightBytes: number;
}

/** What a module is written from. */
export interface ModelDescription {
  /** What functions and types are named after, any text: `loadSileroVad` for `silero-vad`. */
  readonly name: string;
  readonly inputs: readonly PortDescription[];
  readonly outputs: readonly PortDescription[];
  /** Recurrent states; the model is run step by step when there are any. */
  readonly states: readonly PortDescription[];
  /** Where the model comes from and what it costs, for the docstring. */
  readonly facts: readonly Fact[];
  /** What runs the model. */
  readonly code: GrimFile;
}
