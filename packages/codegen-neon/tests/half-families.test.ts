import { describe } from 'vitest';

import { neonProfiles, strict } from '../src/index.ts';
import { expectClose } from './support/expect-close.ts';
import { expectSameBytes } from './support/interpreted-case.ts';
import { describeFamilies } from './support/run-family-cases.ts';

const profile = neonProfiles['cortex-a76'];

// Of four cases that follow each other every compiler takes one in strict and another one in fused code.
const halves = { element: 'f16', every: 4 } as const;

describe('every kernel family of halves: strict code gives bit for bit what the interpreter computes', () => {
  describeFamilies({
    ...halves,
    first: 0,
    capabilities: strict(profile),
    flags: ['-O1', '-march=armv8.2-a+fp16'],
    check: (tested, memory) => {
      expectSameBytes(tested, memory);
    },
  });
});

describe('every kernel family of halves: fused multiply-adds are rounded once, and stay close to the definition', () => {
  describeFamilies({
    ...halves,
    first: 2,
    capabilities: profile,
    flags: ['-O1', `-mcpu=${profile.processor}`],
    check: (tested, memory) => {
      expectSameBytes(tested, memory, { multiplyAdd: 'fused' });
      expectClose(tested, memory, 'f16');
    },
  });
});
