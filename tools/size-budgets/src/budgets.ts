/** What a page imports, and how many bytes it may download for it. */
export interface SizeBudget {
  readonly name: string;
  /** Text of an ES module that keeps what a page would use. */
  readonly code: string;
  /** Largest size of the minified bundle after gzip, in bytes. */
  readonly gzipLimit: number;
}

/** The budgets of everything that ships to a page. One kilobyte is 1000 bytes. */
export const budgets: readonly SizeBudget[] = [
  { name: 'runtime', code: "export * from '@grim/runtime';", gzipLimit: 40_000 },
  {
    name: 'runtime + speech',
    code: "export * from '@grim/runtime';\nexport * from '@grim/speech';",
    gzipLimit: 48_000,
  },
];
