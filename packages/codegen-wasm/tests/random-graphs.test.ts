import fc from 'fast-check';
import { describe, it } from 'vitest';

import { expectSameAsReference } from './support/expect-same-as-reference.ts';
import { convGraph, denseAndRecurrentGraph, movementGraph } from './support/random-graph.ts';

describe('random graphs: reference, interpreted kernels and WebAssembly agree', () => {
  it('convolutions, dense and block sparse', async () => {
    await fc.assert(fc.asyncProperty(convGraph, expectSameAsReference), { numRuns: 250 });
  });

  it('fully connected and recurrent layers, dense and block sparse', async () => {
    await fc.assert(fc.asyncProperty(denseAndRecurrentGraph, expectSameAsReference), { numRuns: 250 });
  });

  it('data movement, reductions and elementwise chains', async () => {
    await fc.assert(fc.asyncProperty(movementGraph, expectSameAsReference), { numRuns: 400 });
  });
});
