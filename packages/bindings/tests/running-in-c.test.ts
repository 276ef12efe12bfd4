import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { evaluateGraph } from '@grim/ir';
import { lowerGraph } from '@grim/kernels';
import { requireToolchain } from '@grim/toolchains';
import koffi from 'koffi';
import { describe, expect, test } from 'vitest';
import { renderBindings, type CLibrary } from '../src/index.ts';
import type * as networkModule from './snapshots/network-in-c.mjs';
import type * as oddModule from './snapshots/odd-in-c.mjs';
import type * as recurrentModule from './snapshots/recurrent-in-c.mjs';
import { compileNative, type NativeLibrary } from './support/compile-native.ts';
import { describeSampleInC } from './support/describe-sample.ts';
import { newFolder } from './support/new-folder.ts';
import { sampleModels, type SampleName } from './support/sample-models.ts';

const compiler = requireToolchain('clang');
const simde = requireToolchain('simde');

/** Compiles a sample, writes its module and imports that. */
async function bindSample(
  name: SampleName,
  weights: CLibrary['weights'],
): Promise<{ module: unknown; native: NativeLibrary }> {
  const folder = newFolder();
  const program = lowerGraph(sampleModels[name]);
  const native = compileNative(compiler ?? '', folder, program, { prefix: name, weights });
  for (const { extension, text } of renderBindings(describeSampleInC(name, native.code))) {
    writeFileSync(join(folder, `${name}${extension}`), text);
  }
  const url = pathToFileURL(join(folder, `${name}.mjs`)).href;
  return { module: await import(url), native };
}

describe.skipIf(compiler === undefined || simde === undefined)('a module for C, bound by koffi', () => {
  test('runs a recurrent model with its state, from weights in the library', async () => {
    const { module, native } = await bindSample('recurrent', 'c');
    const { bindRecurrent } = module as typeof recurrentModule;
    const { createSession } = bindRecurrent(koffi.load(native.path));
    const [session, other] = [createSession(), createSession()];
    const frames = [Float32Array.of(1, 2, 3, -4, 5, 6), Float32Array.of(0, 3, 1, 0, 0, 9)];
    let states: Record<string, Float32Array> | undefined;
    const expected = frames.map((frame) => {
      const evaluation = evaluateGraph(sampleModels.recurrent, {
        inputs: { frame },
        ...(states && { states }),
      });
      states = evaluation.states;
      return evaluation.outputs['total'];
    });
    // Interleaved with another session, which has states of its own.
    const steps = () =>
      frames.map((frame) => {
        other.step({ frame: frames[1] ?? frame });
        return session.step({ frame }).total.slice();
      });
    expect(steps()).toEqual(expected);
    expect(steps()).not.toEqual(expected);
    session.reset();
    expect(steps()).toEqual(expected);
  });

  test('runs a model with several inputs and outputs, from weights in a file', async () => {
    const { module, native } = await bindSample('network', 'binary');
    const { bindNetwork, networkMemory } = module as typeof networkModule;
    const weights = native.weights ?? new Uint8Array();
    expect(weights.length).toBe(networkMemory.weightBytes);
    // At an odd address, and overwritten afterwards: the module has a copy where it has to be.
    const shifted = new Uint8Array(weights.length + 1);
    shifted.set(weights, 1);
    const session = bindNetwork(koffi.load(native.path), shifted.subarray(1)).createSession();
    shifted.fill(0xff);

    const image = Float32Array.from({ length: 108 }, (_, index) => Math.cos(index));
    const prior = Float32Array.from({ length: 8 }, (_, index) => index - 3);
    const { outputs } = evaluateGraph(sampleModels.network, { inputs: { image, prior } });
    const { features, scores } = session.run({ image, prior });
    features.forEach((value, index) => {
      expect(value).toBeCloseTo(outputs['features']?.[index] ?? NaN, 5);
    });
    scores.forEach((value, index) => {
      expect(value).toBeCloseTo(outputs['scores']?.[index] ?? NaN, 5);
    });
    expect(() => bindNetwork(koffi.load(native.path), weights.subarray(1))).toThrow(
      `weights need ${weights.length} bytes, got ${weights.length - 1}`,
    );
  });

  test('reads no memory beyond an array', async () => {
    const { module, native } = await bindSample('network', 'binary');
    const { bindNetwork } = module as typeof networkModule;
    const session = bindNetwork(koffi.load(native.path), native.weights ?? new Uint8Array()).createSession();
    const image = new Float32Array(108);
    for (const prior of [
      new Float32Array(7),
      new Float32Array(9),
      new Float64Array(8),
      [1, 2],
      undefined,
      null,
    ]) {
      const wrong: unknown = { image, prior };
      expect(() => session.run(wrong as networkModule.NetworkInputs)).toThrow(
        'input prior needs a Float32Array of 8 values',
      );
    }
  });

  test('runs a model with names that are no identifiers', async () => {
    const { module, native } = await bindSample('odd', 'c');
    const { bindOdd } = module as typeof oddModule;
    const session = bindOdd(koffi.load(native.path)).createSession();
    const inputs = [1, 2, 4, 8].map((value) => new Float32Array(4).fill(value));
    const [one, two, four, eight] = inputs as [Float32Array, Float32Array, Float32Array, Float32Array];
    const outputs = session.step({ class: one, 'in.put:0': two, 'in_put:0': four, ['__proto__']: eight });
    expect(outputs["it's */ `${one}`\n// @ts-ignore"][0]).toBe(15);
  });
});
