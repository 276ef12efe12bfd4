import type { Program } from '@grim/kernels';

/** Calls between two points where threads wait for each other, by position in `program.calls`. */
export interface Stage {
  /** Whether threads share the calls; else one thread runs them all in order. */
  readonly shared: boolean;
  readonly calls: readonly number[];
}

/** The stages of a program; neighbouring ones with a single call each are one, as no thread could help. */
export function stagesOf({ calls }: Program): Stage[] {
  const stages: { shared: boolean; calls: number[] }[] = [];
  let start = 0;
  while (start < calls.length) {
    let end = start + 1;
    while (end < calls.length && calls[end]?.stage === calls[start]?.stage) end++;
    const indices = Array.from({ length: end - start }, (_, offset) => start + offset);
    const shared = indices.length > 1;
    const last = stages.at(-1);
    if (last && !last.shared && !shared) last.calls.push(...indices);
    else stages.push({ shared, calls: indices });
    start = end;
  }
  return stages;
}

/** Most threads that have something to do at the same time. */
export function usefulThreads(program: Program): number {
  return Math.max(1, ...stagesOf(program).map(({ shared, calls }) => (shared ? calls.length : 1)));
}
