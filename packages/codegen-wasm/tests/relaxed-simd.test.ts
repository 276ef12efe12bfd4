import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

import type { Graph } from '@grim/ir';
import { kernelFamilies, lowerKernel, spmm } from '@grim/kernels';

import { assemble, compileGraph, relaxedSimd, renderKernel } from '../src/index.ts';

const kernel = lowerKernel(spmm, {
  rows: 4,
  height: 2,
  width: 8,
  inputRowStep: 32,
  inputPixelStep: 4,
  outputRowStep: 32,
  outputChannelStep: 64,
  window: { channels: 3, channelStep: 128, rowStep: 16, pixelStep: 4, height: 1, width: 1 },
  bias: true,
  columns: { kind: 'all', columns: 3 },
});

const graph: Graph = {
  name: 'product',
  inputs: [{ name: 'x', shape: [1, 4] }],
  outputs: [{ name: 'y', value: 'y' }],
  states: [],
  constants: new Map([['W', { shape: [8, 4], data: Float32Array.from({ length: 32 }, (_, i) => i) }]]),
  nodes: [{ name: 'linear', op: { kind: 'linear' }, inputs: ['x', 'W'], outputs: ['y'] }],
};

/** Whether this process, and so one started like it, runs relaxed SIMD without being told to. */
async function isRelaxedSimdOn(): Promise<boolean> {
  const probe = `(module (func (param v128) (result v128)
    (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0))))`;
  return WebAssembly.validate((await assemble(probe)) as BufferSource);
}

describe('relaxed SIMD', () => {
  it('is the multiply-add of vectors and nothing else', () => {
    const relaxed = renderKernel(kernel, relaxedSimd);
    expect(relaxed).toContain('(f32x4.relaxed_madd ');
    expect(relaxed).not.toContain('f32x4.mul');
    expect(renderKernel(kernel)).not.toContain('relaxed');
    const scalar = {
      ...kernel,
      body: [
        {
          kind: 'store',
          buffer: 'output',
          address: { op: 'constant', type: 'i32', value: 0 },
          offset: 0,
          value: {
            op: 'multiplyAdd',
            type: 'f32',
            left: { op: 'constant', type: 'f32', value: 2 },
            right: { op: 'constant', type: 'f32', value: 3 },
            addend: { op: 'constant', type: 'f32', value: 4 },
          },
        },
      ],
    } as const;
    expect(renderKernel(scalar, relaxedSimd)).toContain(
      '(f32.add (f32.mul (f32.const 2) (f32.const 3)) (f32.const 4))',
    );
  });

  it('is emitted beside the strict code when it is asked for, which stays the same', async () => {
    const strict = await compileGraph(graph);
    expect(strict.relaxedCode).toBeUndefined();
    expect(strict.plan.relaxedFeatures).toBeUndefined();
    const both = await compileGraph(graph, { relaxedSimd: true });
    expect(both.code).toEqual(strict.code);
    expect(both.relaxedCode).not.toEqual(strict.code);
    expect(both.plan).toEqual({ ...strict.plan, relaxedFeatures: ['simd128', 'relaxed-simd'] });
    expect(WebAssembly.validate(both.code as BufferSource)).toBe(true);
    expect(WebAssembly.validate(both.relaxedCode as BufferSource)).toBe(await isRelaxedSimdOn());
  });

  it('computes every kernel family within rounding', async () => {
    const flags = (await isRelaxedSimdOn()) ? [] : ['--experimental-wasm-relaxed-simd'];
    const program = fileURLToPath(new URL('support/compare-relaxed.ts', import.meta.url));
    const loader = new URL('../../../tools/typescript/src/register.mjs', import.meta.url).href;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...flags, '--conditions=@grim/source', `--import=${loader}`, program],
      { cwd: fileURLToPath(new URL('..', import.meta.url)) },
    );
    const report = JSON.parse(stdout) as Record<string, { cases: number; largest: number; where: string }>;
    expect(Object.keys(report)).toEqual(kernelFamilies.map(({ name }) => name));
    for (const [family, { cases, largest, where }] of Object.entries(report)) {
      expect(cases, family).toBeGreaterThan(0);
      expect(largest, `${family}, ${where}`).toBeLessThan(5e-5);
    }
  });
});
