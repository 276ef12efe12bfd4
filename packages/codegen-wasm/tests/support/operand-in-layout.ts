import fc from 'fast-check';

import type { Shape } from '@grim/ir';

import type { GraphSketch } from './random-graph.ts';

/** How an operand lies in memory: row-major, or as a transposition or a reversal of that. */
export type Layout = 'dense' | 'reversed' | 'transposed';

/** A layout, row-major as often as not. */
export const anyLayout: fc.Arbitrary<Layout> = fc.constantFrom('dense', 'dense', 'reversed', 'transposed');

/** An input of a shape, in a layout. */
export function operandInLayout(sketch: GraphSketch, shape: Shape, layout: Layout): string {
  switch (layout) {
    case 'dense':
      return sketch.input(shape);
    case 'transposed': {
      const permutation = [...shape.keys()].reverse();
      const x = sketch.input(permutation.map((axis) => shape[axis] ?? 1));
      return sketch.node({ kind: 'transpose', permutation }, [x])[0] ?? '';
    }
    case 'reversed': {
      const starts = shape.map((extent) => extent - 1);
      const steps = shape.map(() => -1);
      const slice = { kind: 'slice', starts, sizes: shape, steps } as const;
      return sketch.node(slice, [sketch.input(shape)])[0] ?? '';
    }
  }
}
