import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from '@grim/runtime';
import { requireToolchain } from '@grim/toolchains';
import { describe, expect, test } from 'vitest';
import { runCompile, runInspect, runModel, runPrune, writeNpy } from '../src/index.ts';
import { readOperatorsFile } from '../src/operators/operators-file.ts';
import { stringLike } from './support/any.ts';
import { canCrossBuild, crossBuild } from './support/cross-build.ts';
import { customOperatorModel } from './support/custom-operator-model.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const source = `#include "grim_operator.h"

void soft_clip(const float *x, float *y, const grim_shape *shapes, const double *attributes) {
  const size_t count = grim_element_count(shapes);
  for (size_t index = 0; index < count; index++) y[index] = x[index] > attributes[0] ? (float)attributes[0] : x[index];
}
`;

const operatorsFile = {
  sources: ['soft_clip.c'],
  operators: {
    'com.example.SoftClip': { function: 'soft_clip', attributes: { limit: null }, results: [{ like: 0 }] },
  },
};

/** A folder with a model, operators and their C file. */
function project(
  contents: unknown = operatorsFile,
  text = source,
): { readonly folder: string; readonly model: string; readonly operators: string } {
  const folder = temporaryFolder();
  const [model, operators] = [join(folder, 'clipping.onnx'), join(folder, 'operators.json')];
  writeFileSync(model, customOperatorModel());
  writeFileSync(operators, typeof contents === 'string' ? contents : JSON.stringify(contents));
  writeFileSync(join(folder, 'soft_clip.c'), text);
  return { folder, model, operators };
}

const x = Float32Array.of(-1, 1, 2, 3, 4, 0.5);
const expected = [1, -1, -2, -2, -2, -0.5];

const canCompile =
  requireToolchain('emcc') !== undefined ||
  (['clang', 'wasmLinker', 'wasiLibc', 'wasmCompilerRt'] as const).every(
    (name) => requireToolchain(name) !== undefined,
  );

describe('a model with an operator of the user’s own', () => {
  test.skipIf(!canCompile)('is compiled with its C code to one file', async () => {
    const { folder, model, operators } = project();
    const output = join(folder, 'clipping.grim');
    const { calls } = await runCompile({ model, output, operators, bindings: false });
    expect(calls[0]).toMatchObject({ layer: 'clip', family: 'custom', path: 'calls soft_clip' });
    const session = (await loadModel(new Uint8Array(await readFile(output)))).createSession();
    expect([...session.step(x)]).toEqual(expected);
  });

  test.skipIf(!canCompile)('keeps its graph, which is compiled when it is run', async () => {
    const { folder, model, operators } = project();
    const pruned = join(folder, 'pruned.grim');
    await runPrune({
      ...{ model, output: pruned, operators },
      method: 'magnitude',
      rate: 2,
      block: { rows: 4, columns: 4 },
      split: 'columns',
    });
    const input = join(folder, 'x.npy');
    writeFileSync(input, writeNpy({ shape: [2, 3], data: x }));
    const { outputs } = await runModel({ model: pruned, inputs: { x: input }, operators });
    expect(outputs).toMatchObject([{ name: 'y', minimum: -2, maximum: 1 }]);
    await expect(runModel({ model: pruned, inputs: { x: input } })).rejects.toThrow(
      'pruned.grim: clip: calls soft_clip, and no operators are given',
    );
  });

  test('is inspected without a toolchain', async () => {
    const { model, operators } = project();
    const { layers } = await runInspect({ model, operators });
    expect(layers.map(({ kind }) => kind)).toEqual(['custom', 'unary']);
    await expect(runInspect({ model })).rejects.toThrow('not supported: com.example.SoftClip (clip)');
  });

  test.skipIf(!canCompile)('is refused with the line where its C code is wrong', async () => {
    const { folder, model, operators } = project(
      operatorsFile,
      source.replace('count; index++', 'counts; index++'),
    );
    const compilation = runCompile({ model, output: join(folder, 'x.grim'), operators, bindings: false });
    await expect(compilation).rejects.toThrow(
      /operators\.json: .*soft_clip\.c:5:\d+: error: use of undeclared identifier 'counts'/,
    );
  });

  test.skipIf(!canCompile)('is refused where its C code allocates memory', async () => {
    const allocating = source.replace(
      'const size_t count',
      'x = __builtin_malloc(4); y = __builtin_memset((void *)x, 0, 4); const size_t count',
    );
    const { folder, model, operators } = project(operatorsFile, allocating);
    const compilation = runCompile({ model, output: join(folder, 'x.grim'), operators, bindings: false });
    await expect(compilation).rejects.toThrow(/clipping\.onnx: operators: (?:allocate memory|call )/);
  });

  test('has no text', async () => {
    const { folder, model, operators } = project();
    const options = { model, output: join(folder, 'x.grim'), operators, emitWat: true } as const;
    await expect(runCompile({ ...options, bindings: false })).rejects.toThrow(
      '--emit-wat has no text for operators of your own',
    );
  });
});

describe('a project in C of a model with an operator of the user’s own', () => {
  /** The operator in parts: a header beside it, one in a folder that is searched, and a macro. */
  const inParts = {
    ...operatorsFile,
    sources: ['code/soft_clip.c'],
    includeFolders: ['include'],
    defines: { CLIP: 'clip_to', CHECKED: true },
  };

  function projectInParts(): ReturnType<typeof project> {
    const own = project(inParts);
    for (const folder of ['code', 'include/limits']) mkdirSync(join(own.folder, folder), { recursive: true });
    const write = (path: string, text: string): void => {
      writeFileSync(join(own.folder, path), text);
    };
    write(
      'code/soft_clip.c',
      `#include "clip.h"\n#ifdef CHECKED\n${source.replace('x[index] > attributes[0] ? (float)attributes[0] : x[index]', 'CLIP(x[index], attributes[0])')}#endif\n`,
    );
    write('code/clip.h', '#include <limits/limit.h>\n#include <stddef.h>\n');
    write(
      'include/limits/limit.h',
      'static inline float clip_to(float value, double limit) {\n  return value > limit ? (float)limit : value;\n}\n',
    );
    write('code/unused.h', '');
    return own;
  }

  test.skipIf(!canCompile)('has a copy of what the operator is made of, and no more', async () => {
    const { folder, model, operators } = projectInParts();
    const output = join(folder, 'c');
    const settings = { model, output, operators, target: 'neon', bindings: false } as const;
    const { files } = await runCompile(settings);
    expect(files.map(({ name }) => name).filter((name) => name.includes('operator'))).toEqual([
      'grim_operator.h',
      'operators/code/soft_clip.c',
      'operators/code/clip.h',
      'operators/include/limits/limit.h',
      'model_operators_0.c',
    ]);
    expect(await readFile(join(output, 'model_operators_0.c'), 'utf8')).toBe(
      '#define CLIP clip_to\n#define CHECKED 1\n#include "operators/code/soft_clip.c"\n',
    );
    // Into the same folder once more, where a folder is there already and another one is in the way.
    await runCompile(settings);
    rmSync(join(output, 'operators/code'), { recursive: true });
    writeFileSync(join(output, 'operators/code'), 'of the user');
    await expect(runCompile(settings)).rejects.toThrow(/operators[/]code: is no folder/);
    expect(await readFile(join(output, 'operators/code'), 'utf8')).toBe('of the user');
  });

  test.skipIf(!canCompile || !canCrossBuild)('is built, and passes its self-test', async () => {
    const { folder, model, operators } = projectInParts();
    const output = join(folder, 'c');
    await runCompile({ model, output, operators, target: 'neon', strict: true });
    const build = await crossBuild(output, 'gcc');
    expect(await build.test()).toMatchObject({
      code: 0,
      output: stringLike(/model: greatest relative difference 0, allowed 0.0001/),
    });
  });

  test('is refused where files lie elsewhere, or macros are lines of their own', async () => {
    const { folder, model, operators } = projectInParts();
    const compile = (contents: object): Promise<unknown> => {
      writeFileSync(operators, JSON.stringify({ ...inParts, ...contents }));
      return runCompile({ model, output: join(folder, 'c'), operators, target: 'neon' });
    };
    await expect(compile({ includeFolders: ['../elsewhere'] })).rejects.toThrow(
      `elsewhere: is not below ${folder}, from where operators are copied`,
    );
    await expect(compile({ sources: ['code/unknown.c'] })).rejects.toThrow('unknown.c: ');
    await expect(compile({ sources: ['code/a;b.c'] })).rejects.toThrow(
      'a;b.c: has a name of more than letters, digits and ._+-/',
    );
    await expect(compile({ defines: { A: '1\n#error' } })).rejects.toThrow(
      'defines.A is no macro of one line',
    );
  });

  test('is none of kernels for GPUs', async () => {
    const { folder, model, operators } = project();
    const compilation = runCompile({ model, output: join(folder, 'c'), operators, target: 'opencl' });
    await expect(compilation).rejects.toThrow(
      'clipping.onnx: clip: calls soft_clip, a function in C, which kernels of --target opencl cannot; wasm and neon can',
    );
  });
});

describe('a file with operators', () => {
  const soft = operatorsFile.operators['com.example.SoftClip'];
  const withMapping = (change: object): unknown => ({
    ...operatorsFile,
    operators: { 'com.example.SoftClip': { ...soft, ...change } },
  });

  test.each<[string, unknown]>([
    ['is no JSON', '{'],
    ['the file must be an object', '[]'],
    ['the file has no source; it has sources, includeFolders, defines, operators', { source: [] }],
    ['operators must be an object', { sources: [] }],
    ['sources must be a list of texts', { ...operatorsFile, sources: 'soft_clip.c' }],
    ['defines.A must be a text, or true', { ...operatorsFile, defines: { A: 1 } }],
    ['SoftClip.function must name a function of C', withMapping({ function: 1 })],
    [
      'SoftClip.attributes.limit must be a number, a list of numbers, or null',
      withMapping({ attributes: { limit: 'high' } }),
    ],
    ['SoftClip.results must be a list of shapes', withMapping({ results: [] })],
    ['SoftClip.results[0] must be { "like": operand } or', withMapping({ results: [{ like: -1 }] })],
    [
      'SoftClip.results[0] must be { "like": operand } or',
      withMapping({ results: [{ like: 0, shape: [1] }] }),
    ],
    ['SoftClip has no result; it has function, attributes, results', withMapping({ result: [] })],
  ])('is refused: %s', async (problem, contents) => {
    const { operators } = project(contents);
    await expect(readOperatorsFile(operators)).rejects.toThrow(problem);
    await expect(readOperatorsFile(operators)).rejects.toThrow('operators.json: ');
  });
});
