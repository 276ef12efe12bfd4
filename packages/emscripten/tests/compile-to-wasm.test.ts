import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { GrimError } from '@grim/ir';
import { describe, expect, it } from 'vitest';

import {
  checkToolchain,
  compileToWasm,
  requireModule,
  type CompileOptions,
  type CompileRequest,
  type Toolchain,
  type ToolchainKind,
} from '@grim/emscripten';

import { installedToolchains } from './support/installed-toolchains.ts';
import { useTemporaryFolder } from './support/temporary-folder.ts';

const folder = useTemporaryFolder();
const toolchains = await installedToolchains();

/** A request for one file of C. */
const of = (text: string, more: Partial<CompileRequest> = {}): CompileRequest => ({
  sources: ['main.c'],
  files: { 'main.c': text },
  exports: ['run'],
  optimisation: 1,
  ...more,
});

/** The exports of a module that needs nothing, or memory only. */
function instantiate(module: Uint8Array, memory?: WebAssembly.Memory): WebAssembly.Exports {
  const compiled = new WebAssembly.Module(module as BufferSource);
  return new WebAssembly.Instance(compiled, memory ? { env: { memory } } : {}).exports;
}

const call = (exports: WebAssembly.Exports, ...operands: number[]): number =>
  (exports['run'] as (...operands: number[]) => number)(...operands);

/** Compiles and says what `run` gives for 3. */
async function runOf3(
  toolchain: Toolchain,
  request: CompileRequest,
  options?: CompileOptions,
): Promise<number> {
  return call(instantiate(requireModule(await compileToWasm(toolchain, request, options))), 3);
}

describe.each<ToolchainKind>(['emscripten', 'clang'])('C compiled by %s', (kind) => {
  const found = toolchains[kind];
  /** The toolchain; tests that use it are skipped where it is missing. */
  const toolchain = (): Toolchain => {
    if (!found) throw new TypeError('it is missing');
    return found;
  };
  const withToolchain = it.skipIf(found === undefined);

  withToolchain('calls the C library, uses SIMD and macros, and includes headers of all kinds', async () => {
    const headers = join(folder(), 'headers');
    mkdirSync(headers);
    writeFileSync(join(headers, 'outer.h'), '#define OUTER 100\n');
    writeFileSync(
      join(folder(), 'second.c'),
      '#include "given/inner.h"\nfloat twice(float x) { return INNER * x; }\n',
    );
    const text = `#include <math.h>
#include <string.h>
#include <wasm_simd128.h>
#include "outer.h"
float twice(float x);
float run(float x) {
  float values[4];
  wasm_v128_store(values, wasm_f32x4_mul(wasm_f32x4_splat(x), wasm_f32x4_splat(2)));
  memmove(values, values + 1, sizeof(float));
  return floorf(expf(values[0])) + twice(x) + OUTER + THOUSAND + FLAG * 10000;
}
`;
    const request = of(text, {
      sources: ['main.c', join(folder(), 'second.c')],
      files: { 'main.c': text, 'given/inner.h': '#define INNER 2.0f\n' },
      includeFolders: [headers],
      defines: { THOUSAND: '(500 + 500)', FLAG: true },
      warnings: ['all', 'extra', 'error'],
    });
    expect(await runOf3(toolchain(), request)).toBe(403 + 6 + 100 + 1000 + 10000);
  });

  withToolchain('has its own memory, within the bounds', async () => {
    const request = of('static char big[100000]; int run(int x) { big[x] = 1; return (int)big; }', {
      memory: { initialBytes: 200_000, maximumBytes: 400_000 },
    });
    const { memory } = instantiate(requireModule(await compileToWasm(toolchain(), request)));
    if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('there is no memory');
    expect(memory.buffer.byteLength).toBe(4 * 65536);
    memory.grow(3);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  withToolchain('takes the memory that it is given', async () => {
    const text = 'static int sum = 5; int run(const int *values) { return sum += values[0]; }';
    const request = of(text, {
      exports: ['run', '__heap_base'],
      memory: { origin: 'imported', initialBytes: 131_072, maximumBytes: 131_072 },
    });
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 2 });
    const exports = instantiate(requireModule(await compileToWasm(toolchain(), request)), memory);
    const start = (exports['__heap_base'] as WebAssembly.Global<'i32'>).value;
    new Int32Array(memory.buffer)[start / 4] = 7;
    expect([call(exports, start), call(exports, start)]).toEqual([12, 19]);
  });

  withToolchain('traps when its stack is used up, and leaves data alone', async () => {
    const text = `static int guard = 42;
__attribute__((noinline)) static int deep(int n, const int *before) {
  volatile int frame[64];
  frame[0] = n;
  return n == 0 ? before[0] : deep(n - 1, (const int *)frame) + frame[0];
}
int run(int n) { return n < 0 ? guard : deep(n, &guard); }
`;
    const request = of(text, { optimisation: 1, memory: { stackBytes: 4096 } });
    const exports = instantiate(requireModule(await compileToWasm(toolchain(), request)));
    expect(call(exports, 3)).toBe(1 + 1 + 2 + 3);
    expect(() => call(exports, 1000)).toThrow(WebAssembly.RuntimeError);
    expect(call(exports, -1)).toBe(42);
  });

  withToolchain('shares memory with atomic instructions', async () => {
    const text = '#include <stdatomic.h>\nint run(_Atomic int *x) { return atomic_fetch_add(x, 2); }';
    const request = of(text, {
      exports: ['run', '__heap_base'],
      threads: true,
      memory: { origin: 'imported', initialBytes: 131_072, maximumBytes: 262_144 },
    });
    const module = requireModule(await compileToWasm(toolchain(), request));
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 4, shared: true });
    const exports = instantiate(module, memory);
    const start = (exports['__heap_base'] as WebAssembly.Global<'i32'>).value;
    expect([call(exports, start), call(exports, start)]).toEqual([0, 2]);
    expect(() => instantiate(module, new WebAssembly.Memory({ initial: 2, maximum: 4 }))).toThrow(
      WebAssembly.LinkError,
    );
  });

  withToolchain('turns intrinsics of NEON into SIMD through SIMDe', async () => {
    const text = `#include <arm_neon.h>
float run(float x) { return vaddvq_f32(vfmaq_laneq_f32(vdupq_n_f32(1), vdupq_n_f32(x), vdupq_n_f32(2), 3)); }
`;
    expect(await runOf3(toolchain(), of(text, { neon: true, optimisation: 1 }))).toBe(28);
  });

  withToolchain('says what is wrong, where', async () => {
    const header = 'static inline int half(int x) { return x / zero; }\n';
    const text = '#include "half.h"\nint run(int x) {\n  int unused;\n  return missing(x);\n}\n';
    const file = join(folder(), 'broken.c');
    writeFileSync(file, text);
    const request = { ...of('', { warnings: ['all'] }), sources: [file], files: { 'half.h': header } };
    const compilation = await compileToWasm(toolchain(), request);
    expect(compilation.outcome).toBe('failed');
    expect(compilation.diagnostics).toEqual([
      {
        file: 'half.h',
        line: 1,
        column: 44,
        severity: 'error',
        message: "use of undeclared identifier 'zero'",
      },
      expect.objectContaining({ file, line: 4, column: 10, severity: 'error' }),
      expect.objectContaining({ file, line: 3, column: 7, severity: 'warning' }),
    ]);
    expect(() => requireModule(compilation)).toThrow(
      "half.h:1:44: error: use of undeclared identifier 'zero' (and 1 more)",
    );
  });

  withToolchain('is refused where a function is not there', async () => {
    const undefinedSymbol = await compileToWasm(
      toolchain(),
      of('int missing(int x); int run(int x) { return missing(x); }'),
    );
    expect(undefinedSymbol.outcome).toBe('failed');
    expect(undefinedSymbol.diagnostics[0]?.message).toContain('undefined symbol: missing');
    const notExported = await compileToWasm(toolchain(), of('int other(int x) { return x; }'));
    expect(notExported).toMatchObject({ outcome: 'failed', diagnostics: [{ severity: 'error' }] });
    expect(notExported.diagnostics).toHaveLength(1);
    expect(notExported.diagnostics[0]?.message).toContain('run');
  });

  withToolchain('is the same module each time, and comes with its warnings from the cache', async () => {
    const cacheFolder = join(folder(), 'cache');
    const header = join(folder(), 'value.h');
    const file = join(folder(), 'main.c');
    writeFileSync(header, '#define VALUE 1\n');
    writeFileSync(file, '#include "value.h"\nint run(int x) { int unused; return x + VALUE; }\n');
    const request = { sources: [file], exports: ['run'], warnings: ['all'], optimisation: 1 } as const;
    const compile = async (more: Partial<CompileRequest> = {}): Promise<[boolean, Uint8Array]> => {
      const compilation = await compileToWasm(toolchain(), { ...request, ...more }, { cacheFolder });
      if (compilation.outcome === 'failed') throw new TypeError('it failed');
      expect(compilation.diagnostics).toMatchObject([{ file, line: 2, severity: 'warning' }]);
      return [compilation.isCached, compilation.module];
    };
    const [isFirstCached, first] = await compile();
    expect([isFirstCached, await compile()]).toEqual([false, [true, first]]);

    expect((await compile({ optimisation: 0 }))[0]).toBe(false);
    writeFileSync(header, '#define VALUE 2\n');
    const [isChangedCached, changed] = await compile();
    expect([isChangedCached, call(instantiate(changed), 3)]).toEqual([false, 5]);
    writeFileSync(header, '#define VALUE 1\n');
    expect(await compile()).toEqual([true, first]);
    expect(readdirSync(cacheFolder)).toHaveLength(3);
  });

  it.skipIf(found === undefined)('is compiled again where the cache is damaged', async () => {
    const cacheFolder = join(folder(), 'cache');
    const request = of('int run(int x) { return x + 1; }');
    const compile = (): ReturnType<typeof compileToWasm> =>
      compileToWasm(toolchain(), request, { cacheFolder });
    const module = requireModule(await compile());
    const path = join(cacheFolder, readdirSync(cacheFolder)[0] ?? '');
    const contents = readFileSync(path, 'utf8');
    for (const damaged of ['', '{}', contents.slice(0, -10), contents.replace('AGFzbQ', 'AGFzbR')]) {
      writeFileSync(path, damaged);
      expect(await compile()).toEqual({ outcome: 'compiled', module, diagnostics: [], isCached: false });
    }
    expect(await compile()).toMatchObject({ isCached: true });
    writeFileSync(join(folder(), 'file'), '');
    await expect(
      compileToWasm(toolchain(), request, { cacheFolder: join(folder(), 'file') }),
    ).rejects.toThrow('file: modules cannot be kept here');
  });
});

describe.each<ToolchainKind>(['emscripten', 'clang'])('a check of %s', (kind) => {
  const found = toolchains[kind];
  it.skipIf(found === undefined)('finds every feature, or says why not', async () => {
    const toolchain = found as Toolchain;
    const yes = { isSupported: true };
    const checked = await checkToolchain(toolchain);
    expect(checked).toEqual({
      simd: yes,
      relaxedSimd: toolchain.features.relaxedSimd,
      threads: yes,
      neon: yes,
    });
  });
});

it.skipIf(toolchains.clang === undefined)('a check says where there is no SIMDe', async () => {
  expect(await checkToolchain(toolchains.clang as Toolchain, { simde: folder() })).toMatchObject({
    neon: { isSupported: false, reason: expect.stringContaining('apt-get install libsimde-dev') as string },
  });
});

it.skipIf(toolchains.clang === undefined)('relaxed SIMD has the final instruction codes', async () => {
  const text = `#include <wasm_simd128.h>
float run(float x) {
  v128_t y = wasm_f32x4_splat(x);
  return wasm_f32x4_extract_lane(wasm_f32x4_relaxed_madd(y, y, y), 0);
}
`;
  const compilation = await compileToWasm(toolchains.clang as Toolchain, of(text, { relaxedSimd: true }));
  // f32x4.relaxed_madd: 0xfd, then 0x105 as LEB128.
  expect(Buffer.from(requireModule(compilation)).includes(Buffer.from([0xfd, 0x85, 0x02]))).toBe(true);
});

it.skipIf(toolchains.emscripten?.features.relaxedSimd.isSupported !== false)(
  'relaxed SIMD is refused where its instruction codes are obsolete',
  async () => {
    const request = of('void run(void) {}', { relaxedSimd: true });
    await expect(compileToWasm(toolchains.emscripten as Toolchain, request)).rejects.toThrow(
      'relaxed SIMD with final instruction codes needs emscripten 3.1.40 or later',
    );
  },
);

describe('requests that are refused before anything runs', () => {
  const toolchain: Toolchain = {
    kind: 'emscripten',
    compiler: '/nonexistent/emcc',
    version: '3.1.6',
    versions: [],
    foundBy: 'path',
    features: {
      simd: { isSupported: true },
      relaxedSimd: { isSupported: true },
      threads: { isSupported: true },
    },
  };
  const text = 'void run(void) {}';
  const imported = { origin: 'imported' } as const;

  it.each<[string, CompileRequest]>([
    ['there is no C file to compile', of(text, { sources: [] })],
    ['nothing is exported', of(text, { exports: [] })],
    ['a-b is no name of a C function', of(text, { exports: ['a-b'] })],
    ['../main.c is no relative path', of(text, { files: { '../main.c': text } })],
    ['/main.c is no relative path', of(text, { files: { '/main.c': text } })],
    ['-main.c is no relative path', of(text, { files: { '-main.c': text } })],
    ['A=B is no name of a macro', of(text, { defines: { 'A=B': true } })],
    ['macro A has more than one line', of(text, { defines: { A: '1\n2' } })],
    ['l,-s is no name of a warning', of(text, { warnings: ['l,-s'] })],
    ['initialBytes is 0', of(text, { memory: { initialBytes: 0 } })],
    ['maximumBytes is 4294967297', of(text, { memory: { maximumBytes: 2 ** 32 + 1 } })],
    ['stackBytes is 100, not a multiple of 16', of(text, { memory: { stackBytes: 100 } })],
    ['more than the 10 it may grow to', of(text, { memory: { initialBytes: 20, maximumBytes: 10 } })],
    ['imported, not exported', of(text, { threads: true, memory: { maximumBytes: 65536 } })],
    ['maximumBytes is missing', of(text, { threads: true, memory: imported })],
    ['relaxed SIMD needs SIMD', of(text, { simd: false, relaxedSimd: true })],
    ['arm_neon.h needs SIMD', of(text, { simd: false, neon: true })],
    ['missing.c: there is no such file', of(text, { sources: ['missing.c'] })],
  ])('%s', async (problem, request) => {
    const compilation = compileToWasm(toolchain, request);
    await expect(compilation).rejects.toThrow(problem);
    await expect(compilation).rejects.toBeInstanceOf(GrimError);
  });

  it('a compiler that is gone', async () => {
    await expect(compileToWasm(toolchain, of(text))).rejects.toThrow('/nonexistent/emcc cannot be run');
  });
});
