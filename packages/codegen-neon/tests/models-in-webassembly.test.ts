import { describe, expect, it } from 'vitest';

import { lowerGraph } from '@grim/kernels';

import { neonProfiles, strict } from '../src/index.ts';
import { interpretedRuns, models } from './support/models.ts';
import { runProgramInWebAssembly } from './support/wasm-program.ts';
import { wasmToolchain } from './support/wasm-toolchain.ts';

const profile = neonProfiles['cortex-a76'];
const toolchain = await wasmToolchain('clang');
const emscripten = await wasmToolchain('emscripten');

describe.skipIf(toolchain === undefined)('whole models in WebAssembly', () => {
  it.each(Object.entries(models))('%s', async (_, graph) => {
    if (!toolchain) return;
    const program = lowerGraph(graph());
    const { runs, expected } = interpretedRuns(program);
    // Once, and once more after a reset.
    const both = [...expected, ...expected];
    expect(await runProgramInWebAssembly(toolchain, program, strict(profile), runs)).toEqual(both);
    const fused = await runProgramInWebAssembly(toolchain, program, profile, runs);
    fused.forEach((value, index) => {
      expect(value).toBeCloseTo(both[index] ?? NaN, 4);
    });
    expect(fused).toHaveLength(both.length);
  });
});

describe.skipIf(emscripten === undefined)('pruned models in WebAssembly by Emscripten', () => {
  it.each(Object.entries(models).filter(([name]) => name.endsWith('pruned')))('%s', async (_, graph) => {
    if (!emscripten) return;
    const program = lowerGraph(graph(), { target: profile });
    const { runs, expected } = interpretedRuns(program);
    const outputs = await runProgramInWebAssembly(emscripten, program, strict(profile), runs);
    expect(outputs).toEqual([...expected, ...expected]);
  });
});
