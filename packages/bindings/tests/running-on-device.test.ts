import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openclProfiles, renderProject, strict } from '@grim/codegen-opencl';
import { evaluateGraph } from '@grim/ir';
import { lowerGraph } from '@grim/kernels';
import { requireToolchain } from '@grim/toolchains';
import koffi from 'koffi';
import { describe, expect, test } from 'vitest';
import { renderBindings, type CLibrary } from '../src/index.ts';
import type * as networkModule from './snapshots/network-on-device.mjs';
import type * as recurrentModule from './snapshots/recurrent-on-device.mjs';
import { describeSampleInC } from './support/describe-sample.ts';
import { newFolder } from './support/new-folder.ts';
import { sampleModels, type SampleName } from './support/sample-models.ts';

const compiler = requireToolchain('hostCompiler');
const tools = [compiler, requireToolchain('openclHeaders'), requireToolchain('pocl')];
const profile = openclProfiles.generic;

/** Writes a sample for devices, compiles its host to a shared library, writes its module and imports that. */
async function bindSample(
  name: SampleName,
  weights: CLibrary['weights'],
): Promise<{ module: unknown; path: string; binary: Uint8Array }> {
  const folder = newFolder();
  const graph = sampleModels[name];
  const program = lowerGraph(graph, { grid: { limits: profile } });
  const zeros = (ports: typeof program.inputs): Record<string, Float32Array> =>
    Object.fromEntries(
      ports.map(({ name: port, shape }) => [
        port,
        new Float32Array(shape.reduce((product, extent) => product * extent, 1)),
      ]),
    );
  const sample = { inputs: zeros(program.inputs), outputs: zeros(program.outputs) };
  const files = renderProject(program, strict(profile), [sample], { prefix: name, weights });
  for (const [file, content] of files) writeFileSync(join(folder, file), content);
  const path = join(folder, `lib${name}.so`);
  const sources = [name, `${name}_kernels`, ...(weights === 'c' ? [`${name}_weights`] : [])];
  const flags = ['-std=c11', '-O1', '-shared', '-fPIC', '-o', path];
  execFileSync(compiler ?? '', [...flags, ...sources.map((source) => `${source}.c`), '-lOpenCL'], {
    cwd: folder,
  });

  const header = String(files.get(`${name}.h`));
  const bytesOf = (what: string): number =>
    Number(new RegExp(`#define ${name.toUpperCase()}_${what}_BYTES (\\d+)`).exec(header)?.[1]);
  const sizes = { contextBytes: bytesOf('CONTEXT'), weightBytes: bytesOf('WEIGHT') };
  for (const { extension, text } of renderBindings(
    describeSampleInC(name, { ...sizes, weights, onDevice: true }),
  )) {
    writeFileSync(join(folder, `${name}${extension}`), text);
  }
  const binary = files.get(`${name}_weights.bin`);
  return {
    module: await import(pathToFileURL(join(folder, `${name}.mjs`)).href),
    path,
    binary: binary instanceof Uint8Array ? binary : new Uint8Array(),
  };
}

describe.skipIf(tools.includes(undefined))('a module for C on a device, bound by koffi', () => {
  test('runs a recurrent model, whose sessions share what is on the device and close one by one', async () => {
    const { module, path } = await bindSample('recurrent', 'c');
    const { bindRecurrent } = module as typeof recurrentModule;
    const { createSession } = bindRecurrent(koffi.load(path), 'pthread');
    const [first, second] = [createSession(), createSession()];
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
    const steps = (session: typeof first): Float32Array[] =>
      frames.map((frame) => session.step({ frame }).total.slice());
    expect(steps(first)).toEqual(expected);
    // The second one has weights and kernels still.
    first.close();
    first.close();
    expect(steps(second)).toEqual(expected);
    expect(steps(second)).not.toEqual(expected);
    second.reset();
    expect(steps(second)).toEqual(expected);
    expect(() => first.step({ frame: frames[0] ?? new Float32Array(6) })).toThrow(
      'recurrent: the session is closed',
    );
    expect(() => {
      first.reset();
    }).toThrow('recurrent: the session is closed');
    second.close();
    // All were closed: the next one begins anew.
    const third = createSession();
    expect(steps(third)).toEqual(expected);
    third.close();
  });

  test('runs a model with weights in a file, and says that there is no such device', async () => {
    const { module, path, binary } = await bindSample('network', 'binary');
    const { bindNetwork } = module as typeof networkModule;
    const library = koffi.load(path);
    const session = bindNetwork(library, binary).createSession();
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
    session.close();
    expect(() => bindNetwork(library, binary, 'a device of nobody').createSession()).toThrow(
      'network: no OpenCL device named a device of nobody',
    );
  });
});
