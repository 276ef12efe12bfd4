import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { evaluateGraph } from '@grim/ir';
import { interpretProgram, lowerGraph } from '@grim/kernels';

import { openclProfiles, strict } from '../src/index.ts';
import { openProgram, type OpenclDevice } from '../src/node.ts';
import { hasDevice, openTestDevice } from './support/device.ts';
import { inputsOf, models } from './support/models.ts';
import { noise } from './support/noise.ts';

const RUNS = 2;

describe.skipIf(!hasDevice)('whole models on a device', () => {
  let device: OpenclDevice;
  beforeAll(() => {
    device = openTestDevice();
  });
  afterAll(() => {
    device.close();
  });

  it.each(Object.entries(models))('%s', (_, graphOf) => {
    const graph = graphOf();
    const program = lowerGraph(graph, { grid: { limits: openclProfiles.generic } });
    const interpreter = interpretProgram(program);
    const next = noise(11);
    const runs = Array.from({ length: RUNS }, () => {
      const inputs = inputsOf(graph, next);
      return { inputs, outputs: interpreter.run(inputs) };
    });
    // What is lowered for work-items is packed in a way of its own: it still computes the model.
    const [first] = runs;
    const reference = evaluateGraph(graph, { inputs: first?.inputs ?? {} }).outputs;
    for (const [name, { data }] of Object.entries(first?.outputs ?? {})) {
      data.forEach((value, index) => {
        expect(value).toBeCloseTo(reference[name]?.[index] ?? NaN, 4);
      });
    }

    const exact = openProgram(device, program, strict(device.capabilities));
    // Once, and once more after a reset.
    for (const { inputs, outputs } of [...runs, ...runs.slice(0, 1)]) {
      if (inputs === runs[0]?.inputs) exact.reset();
      const results = exact.run(inputs);
      for (const [name, { data }] of Object.entries(outputs)) expect(results[name]).toEqual(data);
    }
    exact.release();

    const fused = openProgram(device, program);
    for (const { inputs, outputs } of runs) {
      const results = fused.run(inputs);
      for (const [name, { data }] of Object.entries(outputs)) {
        data.forEach((value, index) => {
          expect(results[name]?.[index]).toBeCloseTo(value, 4);
        });
      }
    }
    expect(fused.time()).toBeGreaterThan(0);
    fused.release();
  });

  it('refuses inputs that are absent or have another number of values', () => {
    const program = lowerGraph(models['a GRU, dense']?.() ?? expect.fail(), {
      grid: { limits: openclProfiles.generic },
    });
    const model = openProgram(device, program);
    expect(() => model.run({})).toThrow('input x has no values, not 24');
    expect(() => model.run({ x: new Float32Array(3) })).toThrow('input x has 3 values, not 24');
    model.release();
  });
});
