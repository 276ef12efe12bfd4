import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

/** A program outside npm that some tests need. */
export interface Toolchain {
  /** What the tests that need it do, for the message about a missing one. */
  readonly purpose: string;
  /** Absolute path of the program whose presence means that it is installed; of a file of headers or libraries. */
  readonly executable: string;
  /** False for headers and libraries, which are not run; their version is that of the first package. */
  readonly isProgram?: boolean;
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
}

/** Every program outside npm that the tests use; a new row is all that a new one needs. */
export const toolchains = {
  chromium: {
    purpose: 'runs compiled models in a real page',
    executable: '/usr/bin/chromium',
    packages: ['chromium'],
  },
  aarch64Gcc: {
    purpose: 'compiles emitted C for AArch64, and brings the C library that clang links with',
    executable: '/usr/bin/aarch64-linux-gnu-gcc',
    packages: ['gcc-aarch64-linux-gnu', 'libc6-dev-arm64-cross'],
  },
  clang: {
    purpose: 'compiles emitted C for AArch64 a second time, and OpenCL C with halves',
    executable: '/usr/bin/clang-19',
    packages: ['clang-19'],
  },
  qemuAarch64: {
    purpose: 'runs programs for AArch64',
    executable: '/usr/bin/qemu-aarch64',
    packages: ['qemu-user'],
  },
  cmake: {
    purpose: 'builds projects of emitted C',
    executable: '/usr/bin/cmake',
    packages: ['cmake'],
  },
  ninja: {
    purpose: 'runs what CMake plans',
    executable: '/usr/bin/ninja',
    packages: ['ninja-build'],
  },
  emcc: {
    purpose: 'compiles C to WebAssembly',
    executable: '/usr/bin/emcc',
    packages: ['emscripten'],
  },
  wasmLinker: {
    purpose: 'links what clang compiles to WebAssembly',
    executable: '/usr/bin/wasm-ld-19',
    packages: ['lld-19'],
  },
  wasiLibc: {
    purpose: 'is the C library of what clang compiles to WebAssembly',
    executable: '/usr/lib/wasm32-wasi/libc.a',
    isProgram: false,
    packages: ['wasi-libc'],
  },
  wasmCompilerRt: {
    purpose: 'has what clang calls in WebAssembly where there is no instruction',
    executable: '/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a',
    isProgram: false,
    packages: ['libclang-rt-19-dev-wasm32'],
  },
  simde: {
    purpose: 'implements the intrinsics of NEON in WebAssembly',
    executable: '/usr/include/simde/arm/neon.h',
    isProgram: false,
    packages: ['libsimde-dev'],
  },
  hostCompiler: {
    purpose: 'builds the plugin of the emulator that counts instructions',
    executable: '/usr/bin/gcc',
    packages: ['gcc', 'libc6-dev'],
  },
  llvmMca: {
    purpose: 'estimates cycles of emitted code for benchmarks',
    executable: '/usr/bin/llvm-mca-19',
    packages: ['llvm-19'],
  },
  pocl: {
    purpose: 'is an OpenCL device on the processor',
    executable: '/etc/OpenCL/vendors/pocl.icd',
    isProgram: false,
    packages: ['pocl-opencl-icd', 'ocl-icd-libopencl1'],
  },
  openclHeaders: {
    purpose: 'are what the host code of compiled models includes and links',
    executable: '/usr/include/CL/cl.h',
    isProgram: false,
    packages: ['ocl-icd-opencl-dev'],
  },
  oclgrind: {
    purpose: 'finds races and accesses out of bounds in OpenCL kernels',
    executable: '/usr/bin/oclgrind',
    packages: ['oclgrind'],
  },
  clinfo: {
    purpose: 'lists the OpenCL devices of this machine',
    executable: '/usr/bin/clinfo',
    packages: ['clinfo'],
  },
} as const satisfies Record<string, Toolchain>;

/** Name of a row of {@link toolchains}. */
export type ToolchainName = keyof typeof toolchains;

/** Whether the program of a toolchain is there and may be run, or its file is there and may be read. */
export function isInstalled({ executable, isProgram = true }: Toolchain): boolean {
  try {
    accessSync(executable, isProgram ? constants.X_OK : constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the program of a toolchain says about its version, one line; nothing where it is missing or does not run. */
export function versionOf(toolchain: Toolchain): string | undefined {
  if (!isInstalled(toolchain)) return undefined;
  const { executable, isProgram = true, packages } = toolchain;
  const [program, operands] = isProgram
    ? [executable, ['--version']]
    : ['dpkg-query', ['--show', '--showformat=${Package} ${Version}', packages[0] ?? '']];
  const { status, stdout } = spawnSync(program, operands, { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n')[0] : undefined;
}

/** The one command that installs `missing` on Debian. */
export function installCommand(missing: readonly Toolchain[]): string {
  const packages = [...new Set(missing.flatMap((toolchain) => toolchain.packages))];
  return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}
