import type { PortParameter } from '../port-parameters.ts';

/** One run of a model with what came out: for a model with states, one step. */
export interface SampleStep {
  /** Values of the inputs by name, in row-major order. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** Values of the outputs by name, in row-major order. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

/** How the programs of a project make a context; its name is that of a variable. */
export interface ContextText {
  /** Definitions at file scope. */
  readonly declare: (name: string) => string;
  /** An expression that gives a context over `weights`, or NULL. */
  readonly open: (name: string) => string;
  /**
   * Where more than the memory can be wrong: an expression that says in one line what was, after a call that failed. Functions that
   * run the model then return 0 or an error.
   */
  readonly failure?: string;
  /** A statement that gives back what a context holds beside its memory; absent where that is nothing. */
  readonly close?: (name: string) => string;
}

/** What is written about a model beside its code: programs that test and time it. */
export interface ProjectFacts {
  /** Begins the names of files, functions and macros: an identifier of C. */
  readonly prefix: string;
  /** Inputs, then outputs. */
  readonly parameters: readonly PortParameter[];
  /** Whether states carry over from one step to the next. */
  readonly isRecurrent: boolean;
  /** Whether the weights are an array of the program, or a file that is read when it starts. */
  readonly weights: 'c' | 'binary';
  /** Consecutive steps from the first states on; at least one. */
  readonly samples: readonly SampleStep[];
  /** Greatest difference from the samples, relative to 1 or to an output's greatest value where that is more; 0: none of any bit. */
  readonly tolerance: number;
  /** Products of a run whose weight is not zero. */
  readonly usefulMultiplyAdds: number;
  readonly context: ContextText;
}
