import type { ElementType } from '@grim/kernels';
import type { BindingSettings } from '../bindings/binding-settings.ts';
import type { CallReport } from '../reports/call-report.ts';
import type { CommonCompileOptions } from './common-compile-options.ts';

/** How a model is compiled to a project in C. `output` is a folder. */
export interface ProjectOptions extends CommonCompileOptions, BindingSettings {
  /** Round products and sums one by one, so that results have the bits of strict WebAssembly (default false). */
  readonly strict?: boolean;
  /**
   * Floats of weights and of everything between inputs, states and outputs (default `f32`). With `f16` they take half the memory, and
   * twice as many are computed at once, where there is arithmetic for them.
   */
  readonly precision?: ElementType;
  /** Weights as a C array, or as a file that the application loads (default `c`). */
  readonly weights?: 'c' | 'binary';
  /** Begins the names of files, functions and macros (default `model`): models of one application need different ones. */
  readonly prefix?: string;
}

/** A project in C that was written. */
export interface ProjectResult {
  readonly file: string;
  /** The folder. */
  readonly output: string;
  readonly strict: boolean;
  readonly precision: ElementType;
  readonly weights: 'c' | 'binary';
  readonly prefix: string;
  /** What was written, with sizes in bytes. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly outputBytes: number;
  /** Paths of the typed module; none when none was asked for. */
  readonly bindings: readonly string[];
  /** Bytes of memory of the caller that each context needs, and of the weights, which contexts share. */
  readonly contextBytes: number;
  readonly weightBytes: number;
  /** Multiply-adds of a run whose weight is not zero. */
  readonly usefulMacs: number;
  /** Distinct kernels. */
  readonly kernels: number;
  readonly calls: readonly CallReport[];
}
