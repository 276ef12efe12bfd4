import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import { findToolchain } from '@grim/emscripten';

import { fakeClang, fakeEmcc, fakeProgram } from './support/fake-program.ts';
import { useTemporaryFolder } from './support/temporary-folder.ts';

const folder = useTemporaryFolder();

/** An environment whose path leads to `bin` in the folder, and to the shell's own programs nowhere. */
const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: join(folder(), 'bin'),
  ...more,
});

beforeEach(() => {
  mkdirSync(join(folder(), 'bin'));
});

describe('Emscripten', () => {
  it('is found in an emsdk before the path', async () => {
    const inSdk = fakeProgram(folder(), 'sdk/upstream/emscripten/emcc', fakeEmcc('4.0.15'));
    fakeProgram(folder(), 'bin/emcc', fakeEmcc('3.1.6'));
    const toolchain = await findToolchain({ environment: environment({ EMSDK: join(folder(), 'sdk') }) });
    expect(toolchain).toMatchObject({
      kind: 'emscripten',
      compiler: inSdk,
      version: '4.0.15',
      foundBy: 'EMSDK',
      features: { relaxedSimd: { isSupported: true } },
    });
  });

  it('is found on the path, and old releases have no relaxed SIMD that engines know', async () => {
    fakeProgram(folder(), 'bin/emcc', fakeEmcc('3.1.6'));
    const { version, foundBy, features } = await findToolchain({ environment: environment() });
    expect([version, foundBy, features.simd, features.threads]).toEqual([
      '3.1.6',
      'PATH',
      { isSupported: true },
      { isSupported: true },
    ]);
    expect(features.relaxedSimd).toEqual({
      isSupported: false,
      reason: 'relaxed SIMD with final instruction codes needs emscripten 3.1.40 or later, this is 3.1.6',
    });
  });

  it.each(['sdk', 'sdk/upstream/emscripten', 'sdk/upstream/emscripten/emcc'])(
    'is found at an explicit path: %s',
    async (path) => {
      const compiler = fakeProgram(folder(), 'sdk/upstream/emscripten/emcc', fakeEmcc('3.1.61-git'));
      const found = await findToolchain({ path: join(folder(), path), environment: environment() });
      expect(found).toMatchObject({ compiler, version: '3.1.61', foundBy: 'path' });
    },
  );

  it('is refused when it is too old for SIMD, in favour of another one', async () => {
    fakeProgram(folder(), 'sdk/upstream/emscripten/emcc', fakeEmcc('1.39.8'));
    fakeProgram(folder(), 'bin/emcc', fakeEmcc('3.1.6'));
    const search = { environment: environment({ EMSDK: join(folder(), 'sdk') }) };
    expect((await findToolchain(search)).version).toBe('3.1.6');
    await expect(findToolchain({ path: join(folder(), 'sdk') })).rejects.toThrow(
      '128-bit SIMD needs emscripten 2.0.18 or later, this is 1.39.8',
    );
  });
});

describe('clang', () => {
  const libraries = (): { libc: string; builtins: string } => {
    const [libc = '', builtins = '', start = ''] = ['libc.a', 'builtins.a', 'crt1-reactor.o'].map((name) =>
      join(folder(), name),
    );
    for (const file of [libc, builtins, start]) writeFileSync(file, '');
    return { libc, builtins };
  };

  it('is found with its linker and libraries, the latest version first', async () => {
    const { libc, builtins } = libraries();
    fakeProgram(folder(), 'bin/clang-16', fakeClang({ version: '16.0.1', libc, builtins }));
    fakeProgram(folder(), 'bin/wasm-ld-16', 'echo LLD 16.0.1');
    const compiler = fakeProgram(folder(), 'bin/clang-19', fakeClang({ version: '19.1.7', libc, builtins }));
    const linker = fakeProgram(folder(), 'bin/wasm-ld-19', 'echo LLD 19.1.7');
    fakeProgram(folder(), 'bin/clang-format-20', 'exit 1');
    expect(await findToolchain({ environment: environment() })).toEqual({
      kind: 'clang',
      compiler,
      linker,
      libraries: [join(folder(), 'crt1-reactor.o'), libc, builtins],
      version: '19.1.7',
      versions: ['clang version 19.1.7', 'LLD 19.1.7'],
      foundBy: 'PATH',
      features: {
        simd: { isSupported: true },
        relaxedSimd: { isSupported: true },
        threads: { isSupported: true },
      },
    });
    const older = await findToolchain({ path: join(folder(), 'bin/clang-16'), environment: environment() });
    expect(older.features.relaxedSimd.isSupported).toBe(false);
  });

  it('is found in a WASI SDK', async () => {
    const compiler = fakeProgram(folder(), 'wasi/bin/clang', fakeClang(libraries()));
    fakeProgram(folder(), 'wasi/bin/wasm-ld', 'echo LLD 18.1.0');
    const toolchain = await findToolchain({
      environment: environment({ WASI_SDK_PATH: join(folder(), 'wasi') }),
    });
    expect(toolchain).toMatchObject({ kind: 'clang', compiler, foundBy: 'WASI_SDK_PATH' });
  });

  it('comes after Emscripten unless it is asked for', async () => {
    fakeProgram(folder(), 'bin/clang', fakeClang(libraries()));
    fakeProgram(folder(), 'bin/wasm-ld', 'echo LLD 18.1.0');
    fakeProgram(folder(), 'bin/emcc', fakeEmcc('3.1.6'));
    expect((await findToolchain({ environment: environment() })).kind).toBe('emscripten');
    expect((await findToolchain({ environment: environment(), kind: 'clang' })).kind).toBe('clang');
  });

  it('is refused with what it lacks and how to get that', async () => {
    const { libc, builtins } = libraries();
    const program = (answers: Parameters<typeof fakeClang>[0]): void => {
      fakeProgram(folder(), 'bin/clang-18', fakeClang(answers));
    };
    const search = { environment: environment() };
    program({ libc, builtins });
    await expect(findToolchain(search)).rejects.toThrow(
      'clang-18: it has no wasm-ld: apt-get install lld-18',
    );
    fakeProgram(folder(), 'bin/wasm-ld-18', 'echo LLD 18.1.0');
    program({ builtins });
    await expect(findToolchain(search)).rejects.toThrow('no C library for WASI: apt-get install wasi-libc');
    program({ libc });
    await expect(findToolchain(search)).rejects.toThrow('apt-get install libclang-rt-18-dev-wasm32');
    program({ libc, builtins, targets: 'arm64 - AArch64' });
    await expect(findToolchain(search)).rejects.toThrow('it was built without WebAssembly');
    program({ libc, builtins, version: '12.0.0' });
    await expect(findToolchain(search)).rejects.toThrow(
      '128-bit SIMD needs clang 13.0.0 or later, this is 12.0.0',
    );
  });
});

describe('no toolchain', () => {
  it('says where it looked and how to get one', async () => {
    await expect(findToolchain({ environment: environment() })).rejects.toThrow(
      'no toolchain that compiles C to WebAssembly in EMSDK, WASI_SDK_PATH and PATH; to get one, ' +
        'Emscripten: apt-get install emscripten, brew install emscripten, or ' +
        'https://emscripten.org/docs/getting_started/downloads.html; or ' +
        'clang: apt-get install clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32 (any version from 13), or ' +
        'https://github.com/WebAssembly/wasi-sdk',
    );
    await expect(findToolchain({ kind: 'clang', environment: {} })).rejects.toThrow(
      /^no clang toolchain .* to get one, clang: apt-get/,
    );
    await expect(findToolchain({ path: join(folder(), 'nothing') })).rejects.toThrow(
      `WebAssembly in ${join(folder(), 'nothing')}; to get one`,
    );
  });

  it('is what other programs are', async () => {
    fakeProgram(folder(), 'bin/emcc', 'echo something else');
    await expect(findToolchain({ environment: environment() })).rejects.toThrow(
      'emcc: it is neither emcc nor clang: something else',
    );
    fakeProgram(folder(), 'bin/emcc', 'echo broken >&2; exit 3');
    await expect(findToolchain({ environment: environment() })).rejects.toThrow(
      '--version ends with 3: broken',
    );
    fakeProgram(folder(), 'bin/emcc', fakeEmcc('unknown'));
    await expect(findToolchain({ environment: environment() })).rejects.toThrow('its version is not known');
  });

  it('is a program that does not answer', async () => {
    fakeProgram(folder(), 'bin/emcc', 'while :; do :; done');
    const search = { environment: environment(), timeoutMs: 300 };
    await expect(findToolchain(search)).rejects.toThrow(/emcc did not end within 300 ms/);
    const signal = AbortSignal.abort(new Error('not wanted'));
    await expect(findToolchain({ ...search, signal })).rejects.toThrow('not wanted');
  });
});
