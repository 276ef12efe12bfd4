import { describe } from 'vitest';

import { neonProfiles } from '../src/index.ts';
import { expectClose } from './support/expect-close.ts';
import { describeFamilies } from './support/run-family-cases.ts';

describe('every kernel family: fused multiply-adds stay close to the definition', () => {
  const capabilities = neonProfiles['cortex-a76'];
  describeFamilies({
    capabilities,
    flags: ['-O1', `-mcpu=${capabilities.processor}`],
    evenCases: 'clang',
    check: expectClose,
  });
});
