import fc from 'fast-check';
import { describe, it } from 'vitest';

import { expectSameAsReference } from './support/expect-same-as-reference.ts';
import { singleOperatorGraphs } from './support/single-operator-graph.ts';

describe('one operator at a time: reference, interpreted kernels and WebAssembly agree', () => {
  for (const [name, graphs] of Object.entries(singleOperatorGraphs)) {
    it(name, async () => {
      await fc.assert(fc.asyncProperty(graphs, expectSameAsReference), { numRuns: 150 });
    });
  }
});
