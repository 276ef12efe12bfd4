/** One line of a table: text and numbers by column name; null where a side has no such number. */
export type Row = Readonly<Record<string, string | number | null>>;

/** Numbers by key. */
export type Summary = Readonly<Record<string, number>>;

/** The machine a benchmark ran on. */
export interface Environment {
  readonly cpu: string;
  /** Logical cores that the process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly architecture: string;
  readonly operatingSystem: string;
  readonly node: string;
  readonly v8: string;
  /** What the WebAssembly engine accepts, found by asking it. */
  readonly features: Readonly<Record<string, boolean>>;
}

/** What a benchmark run leaves in a file. */
export interface BenchmarkResult {
  readonly suite: string;
  /** Day of the run, as `2026-11-25`. */
  readonly date: string;
  /** True for a shortened run, whose numbers are not to be published. */
  readonly quick: boolean;
  readonly environment: Environment;
  readonly rows: readonly Row[];
  readonly summary: Summary;
}
