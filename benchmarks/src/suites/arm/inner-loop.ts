/** A loop of assembly text that holds no other. */
export interface InnerLoop {
  readonly lines: readonly string[];
  /** Multiply-adds of vectors in it, each as many as the vector has floats. */
  readonly multiplyAdds: number;
}

const multiplyAddsOf = (line: string): number => Number(/^\s+fmla\s+v\d+\.([48])[sh]/.exec(line)?.[1] ?? 0);

/** Where a line branches to, if it does and comes back. */
const branchTarget = (line: string): string | undefined =>
  /^\s+(?:b\.?\w\w|cbn?z\s+\w+,|tbn?z\s+\w+, #?\d+,)\s+(\.L\w+)/.exec(line)?.[1];

/** Lines that are instructions: no labels, directives or comments. */
const isInstruction = (line: string): boolean => /^\s+[a-z]/.test(line) && !/^\s+(?:\/\/|#)/.test(line);

/**
 * Finds the innermost loop with the most multiply-adds of vectors in the assembly text of a C file: where a layer spends its time.
 *
 * @returns Nothing where no loop has any.
 */
export function innerLoop(assembly: string): InnerLoop | undefined {
  const labels = new Map<string, number>();
  let best: InnerLoop | undefined;
  const lines = assembly.split('\n');
  lines.forEach((line, position) => {
    const label = /^(\.L\w+):/.exec(line)?.[1];
    if (label !== undefined) labels.set(label, position);
    const start = labels.get(branchTarget(line) ?? '');
    if (start === undefined) return;
    const body = lines.slice(start + 1, position + 1).filter(isInstruction);
    const hasInner = body.slice(0, -1).some((inner) => branchTarget(inner) !== undefined);
    const multiplyAdds = body.reduce((sum, inner) => sum + multiplyAddsOf(inner), 0);
    if (hasInner || multiplyAdds <= (best?.multiplyAdds ?? 0)) return;
    best = { lines: body, multiplyAdds };
  });
  return best;
}
