import { describe } from 'vitest';

import { neonProfiles } from '../src/index.ts';
import { expectClose } from './support/expect-close.ts';
import { expectSameBytes } from './support/interpreted-case.ts';
import { describeFamilies } from './support/run-family-cases.ts';

describe('every kernel family: fused multiply-adds are rounded once, and stay close to the definition', () => {
  const capabilities = neonProfiles['cortex-a76'];
  describeFamilies({
    capabilities,
    flags: ['-O1', `-mcpu=${capabilities.processor}`],
    element: 'f32',
    every: 2,
    first: 1,
    check: (tested, memory) => {
      expectSameBytes(tested, memory, { multiplyAdd: 'fused' });
      expectClose(tested, memory);
    },
  });
});
