/** How bad what a compiler or linker found is. Nothing was produced where there is an error. */
export type Severity = 'error' | 'warning' | 'note' | 'remark';

/** One thing that a compiler or linker said. */
export interface Diagnostic {
  /** The file as the request named it; absent where it is about none, as for an undefined symbol. */
  readonly file?: string;
  /** Line from 1; absent where it is about no line. */
  readonly line?: number;
  /** Column from 1, in bytes; absent where it is about no column. */
  readonly column?: number;
  readonly severity: Severity;
  /** One line, with the option that controls the warning where the compiler names it. */
  readonly message: string;
}
