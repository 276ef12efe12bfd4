import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { requireToolchain } from '@grim/toolchains';

import { canCountInstructions, countInstructions } from '../src/count-instructions.ts';

const compiler = requireToolchain('aarch64Gcc');

/** A program whose functions are written in instructions, so that how many are executed does not depend on a compiler. */
function assembled(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'grim, counted-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'program.S');
  const program = join(folder, 'program');
  writeFileSync(file, source);
  const { status, stderr } = spawnSync(compiler ?? '', ['-static', '-nostdlib', file, '-o', program], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return program;
}

/** Calls `loop`, which takes three instructions a turn, and leaves with a status. */
const counted = (turns: number, status = 0): string => `
.global _start
.type _start, %function
_start:
  bl loop
  mov x0, #${String(status)}
  mov x8, #93
  svc #0
.size _start, . - _start
.type loop, %function
loop:
  mov x0, #${String(turns)}
1:
  nop
  subs x0, x0, #1
  b.ne 1b
  ret
.size loop, . - loop
.type unused, %function
unused:
  ret
.size unused, . - unused
`;

describe.skipIf(compiler === undefined || !canCountInstructions())(
  'instructions of an emulated program',
  () => {
    it.each([1, 2, 1000])('are exact for each symbol: %i turns', (turns) => {
      const { instructions } = countInstructions({ program: assembled(counted(turns)) });
      expect(Object.fromEntries(instructions)).toEqual({ _start: 4, loop: 2 + 3 * turns });
    });

    it('are refused when the program failed', () => {
      const program = assembled(counted(1, 7));
      expect(() => countInstructions({ program })).toThrow('ended with 7');
    });

    it('do not depend on input and output, which pass through', () => {
      const program = assembled(`
.global _start
.type _start, %function
_start:
  mov x0, #0
  adrp x1, bytes
  mov x2, #4
  mov x8, #63
  svc #0
  mov x0, #1
  adrp x1, bytes
  mov x2, #4
  mov x8, #64
  svc #0
  mov x0, #0
  mov x8, #93
  svc #0
.size _start, . - _start
.bss
.balign 4096
bytes: .space 4096
`);
      const { instructions, output } = countInstructions({ program, input: Uint8Array.of(1, 2, 3, 4) });
      expect([...output]).toEqual([1, 2, 3, 4]);
      expect(Object.fromEntries(instructions)).toEqual({ _start: 13 });
    });
  },
);
