import { describe, expect, it } from 'vitest';

import { integer, KernelBuilder, load, lowerGraph } from '@grim/kernels';

import { neonProfiles } from '../src/index.ts';
import { caseInput, caseProgram } from './support/case-program.ts';
import { crossCompilers, emulator, runEmulated } from './support/cross-compilers.ts';
import { runProgramEmulated } from './support/emulated-program.ts';
import { expectSameBytes } from './support/interpreted-case.ts';
import { interpretedRuns, models } from './support/models.ts';
import { describeFamilies } from './support/run-family-cases.ts';

const capabilities = neonProfiles['cortex-a76'];
const flags = [
  '-O1',
  `-mcpu=${capabilities.processor}`,
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
];

const { gcc = [] } = crossCompilers();

describe.skipIf(gcc.length === 0 || emulator === undefined)(
  'sanitizers of addresses and of undefined behaviour',
  () => {
    it.each([
      ['read', 16, 0],
      ['written', 0, 16],
    ])('report what is %s beside a buffer', { timeout: 120_000 }, async (_, from, to) => {
      const builder = new KernelBuilder();
      builder.buffer('input', 'read');
      builder.buffer('output', 'write');
      builder.store('output', integer(to), 0, load('f32x4', 'input', integer(from)));
      const kernel = builder.build('beside', 'four floats, a vector too far');
      const buffers = { input: new Float32Array(4), output: new Float32Array(4) };
      const cases = [{ kernel, buffers }];
      await expect(
        runEmulated(gcc, flags, { 'cases.c': caseProgram(cases, capabilities) }, caseInput(cases)),
      ).rejects.toThrow('AddressSanitizer: heap-buffer-overflow');
    });

    it.each([
      ['a CNN, pruned', 'f32'],
      ['a GRU, pruned', 'f16'],
    ] as const)('find nothing in %s, %s', { timeout: 120_000 }, async (name, element) => {
      const graph = models[name]?.() ?? expect.fail(name);
      const program = lowerGraph(graph, { target: capabilities, element });
      const { runs, expected } = interpretedRuns(program, { multiplyAdd: 'fused' });
      const outputs = await runProgramEmulated(program, gcc, flags, capabilities, runs);
      expect([...outputs]).toEqual([...expected, ...expected]);
    });
  },
);

// Code with sanitizers is compiled slowly: a sample, of which the other tests of families run all.
for (const [element, every] of [
  ['f32', 24],
  ['f16', 48],
] as const) {
  describe(`every kernel family under both, ${element}`, () => {
    describeFamilies({
      capabilities,
      flags,
      element,
      every,
      first: 5,
      compilers: ['gcc'],
      check: (tested, memory) => {
        expectSameBytes(tested, memory, { multiplyAdd: 'fused' });
      },
    });
  });
}
