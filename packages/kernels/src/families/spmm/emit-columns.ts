import { add, integer, load, loadSplat, loadStrided, multiplyAdd } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder, Variable } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import type { SpmmProblem } from './spmm-problem.ts';

/** Where in the weights and the index a kernel reads. */
export interface Cursor {
  readonly weight: Variable;
  readonly index: Variable;
}

/** Emits the sums of some rows over `count` columns; the cursor moves past what was read. */
export function emitColumns(
  builder: KernelBuilder,
  problem: SpmmProblem,
  part: { sums: Variable[][]; firstVector: number; source: Expression; count: Expression; cursor: Cursor },
): void {
  const { weight, index } = part.cursor;
  const vectors = part.sums[0]?.length ?? 0;
  builder.loop('column', { to: part.count }, () => {
    const address = builder.declare('at', add(part.source, load('i32', 'index', index)));
    const pixels = Array.from({ length: vectors }, (_, vector) => {
      const offset = (part.firstVector + vector) * 4 * problem.inputPixelStep;
      return builder.declare('x', loadStrided('input', address, offset, problem.inputPixelStep));
    });
    part.sums.forEach((perVector, row) => {
      const w = builder.declare('w', loadSplat('weights', weight, row * 4));
      perVector.forEach((sum, vector) => {
        const x = pixels[vector];
        if (x) builder.assign(sum, multiplyAdd(w, x, sum));
      });
    });
    builder.assign(weight, add(weight, integer(part.sums.length * 4)));
    builder.assign(index, add(index, integer(4)));
  });
}
