import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { evaluateGraph } from '@grim/ir';
import { describe, expect, test } from 'vitest';
import type * as networkModule from './snapshots/network.mjs';
import type * as oddModule from './snapshots/odd.mjs';
import type * as recurrentModule from './snapshots/recurrent.mjs';
import { emitSample } from './support/emit-sample.ts';
import { sampleModels } from './support/sample-models.ts';

/** Imports the module of a sample. */
async function importSample<Module>(folder: string, name: string): Promise<Module> {
  return (await import(pathToFileURL(join(folder, `${name}.mjs`)).href)) as Module;
}

describe('a module that was written', () => {
  test('runs a recurrent model from the file beside it, with its state', async () => {
    const { loadRecurrent } = await importSample<typeof recurrentModule>(
      await emitSample('recurrent'),
      'recurrent',
    );
    const { createSession, runtime, close } = await loadRecurrent();
    expect(runtime.name).toBe('peak meter');
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
    const steps = () => frames.map((frame) => session.step({ frame }).total.slice());
    expect(steps()).toEqual(expected);
    session.reset();
    expect(steps()).toEqual(expected);
    expect(session.getState()).toEqual(states);

    // The state moves to another session, and inputs may be written in place.
    other.setState(session.getState());
    other.input('frame').set(frames[0] ?? []);
    const inPlace = other.step().total.slice();
    expect(inPlace).toEqual(session.step({ frame: frames[0] ?? new Float32Array() }).total);
    expect(inPlace).not.toEqual(expected[0]);

    expect(() => session.step({ frame: new Float32Array(5) })).toThrow(
      /input frame needs a Float32Array of 6/,
    );
    await close();
    expect(() => session.step()).toThrow('the model is closed');
  });

  test('runs a model with several inputs, from its bytes', async () => {
    const folder = await emitSample('network');
    const { loadNetwork, networkPorts } = await importSample<typeof networkModule>(folder, 'network');
    const { createSession } = await loadNetwork(readFileSync(join(folder, 'network.grim')));
    const image = Float32Array.from({ length: networkPorts.inputs.image.length }, (_, index) =>
      Math.cos(index),
    );
    const prior = Float32Array.from({ length: networkPorts.inputs.prior.length }, (_, index) => index - 3);
    const session = createSession();
    expect('step' in session).toBe(false);
    const { features, scores } = session.run({ image, prior });
    const { outputs } = evaluateGraph(sampleModels.network, { inputs: { image, prior } });
    expect(features.length).toBe(networkPorts.outputs.features.length);
    features.forEach((value, index) => {
      expect(value).toBeCloseTo(outputs['features']?.[index] ?? NaN, 5);
    });
    scores.forEach((value, index) => {
      expect(value).toBeCloseTo(outputs['scores']?.[index] ?? NaN, 5);
    });
  });

  test('runs a model with names that are no identifiers', async () => {
    const { loadOdd } = await importSample<typeof oddModule>(await emitSample('odd'), 'odd');
    const session = (await loadOdd()).createSession();
    const [one, two, four, eight] = [1, 2, 4, 8].map((value) => new Float32Array(4).fill(value)) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const outputs = session.step({ class: one, 'in.put:0': two, 'in_put:0': four, ['__proto__']: eight });
    expect(outputs["it's */ `${one}`\n// @ts-ignore"][0]).toBe(15);
    expect(session.getState().constructor[0]).toBe(15);
  });

  test('refuses the file of another model', async () => {
    const { loadRecurrent } = await importSample<typeof recurrentModule>(
      await emitSample('recurrent'),
      'recurrent',
    );
    const other = readFileSync(join(await emitSample('network'), 'network.grim'));
    await expect(loadRecurrent(other)).rejects.toThrow(
      'the model has input image [1,3,6,6], expected none of that name',
    );
    await expect(loadRecurrent(new URL('missing.grim', import.meta.url))).rejects.toThrow(
      /missing.grim: cannot be read/,
    );
  });
});
