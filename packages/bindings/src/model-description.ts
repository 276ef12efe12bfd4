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

/**
 * The model is C with the functions `PREFIX_init`, and `PREFIX_run` or, with states, `PREFIX_step` and `PREFIX_reset`. An
 * application compiles it to a shared library and opens that through a foreign function interface.
 */
export interface CLibrary {
  readonly kind: 'c';
  /** An identifier of C. */
  readonly prefix: string;
  /** Bytes of memory of a context, whose address is a multiple of 16. */
  readonly contextBytes: number;
  /** Bytes of the weights, whose address is one, too. */
  readonly weightBytes: number;
  /** Whether the weights are the array `PREFIX_weights` of the library, or the contents of `PREFIX_weights.bin`. */
  readonly weights: 'c' | 'binary';
  /**
   * Whether the model computes on a device, whose driver can fail (default false). Functions then return 0 or an error, which
   * `PREFIX_failure` puts into words, and there are `PREFIX_init_on` for a device that is named in part, `PREFIX_init_beside` for a
   * context that shares what another one has on the device, and `PREFIX_release`.
   */
  readonly onDevice?: boolean;
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
  readonly code: GrimFile | CLibrary;
}
