import { describe } from 'vitest';

import { neonProfiles, strict } from '../src/index.ts';
import { expectSameBytes } from './support/interpreted-case.ts';
import { describeFamilies } from './support/run-family-cases.ts';

describe('every kernel family: strict code gives bit for bit what the interpreter computes', () => {
  describeFamilies({
    capabilities: strict(neonProfiles['cortex-a76']),
    flags: ['-O1'],
    element: 'f32',
    every: 2,
    first: 0,
    check: (tested, memory) => {
      expectSameBytes(tested, memory);
    },
  });
});
