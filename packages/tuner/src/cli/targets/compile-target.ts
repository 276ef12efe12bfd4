import type { BindingForm } from '@grim/bindings';
import type { CommonCompileOptions } from '../../compile/common-compile-options.ts';
import type { CliSession, CommonFlags } from '../session.ts';

/** Flags of `grim compile` that not every target takes, as parsed. */
export interface TargetFlags extends CommonFlags {
  readonly withGraph?: boolean;
  readonly emitWat?: boolean;
  readonly threads: number;
  readonly relaxedSimd?: boolean;
  readonly bindings: BindingForm | false;
  readonly bindingsName?: string;
  readonly cpu?: string;
  readonly device?: string;
  readonly strict?: boolean;
  readonly precision: string;
  readonly weights: string;
  readonly prefix: string;
}

/** A target of `grim compile`. */
export interface CompileTarget {
  /** Flags that it takes; others are refused. */
  readonly takes: readonly (keyof TargetFlags)[];
  /** Compiles and prints what came of it. */
  readonly perform: (session: CliSession, common: CommonCompileOptions, flags: TargetFlags) => Promise<void>;
}
