/** Where a command writes, as far as it has to know. */
export interface Terminal {
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
}

/** One stream. */
export interface TerminalStream {
  readonly write: (text: string) => unknown;
  /** Whether a person is looking. */
  readonly isTTY?: boolean;
}
