import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireToolchain } from '@grim/toolchains';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

const tools = {
  cmake: requireToolchain('cmake'),
  ninja: requireToolchain('ninja'),
  gcc: requireToolchain('aarch64Gcc'),
  clang: requireToolchain('clang'),
  qemu: requireToolchain('qemuAarch64'),
};

/** Whether projects can be built for AArch64 and run here. */
export const canCrossBuild: boolean = Object.values(tools).every((tool) => tool !== undefined);

/** Where the dynamic loader and libraries for AArch64 are, by the cross compiler's packages. */
const libraries = '/usr/aarch64-linux-gnu';

const warnings = '-Wall -Wextra -Wpedantic -Wconversion -Werror';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A project that was built by CMake, its tests not run yet. */
export interface CrossBuild {
  /** Absolute path of what was built. */
  readonly folder: string;
  /** Runs the tests of the project as CTest does, under emulation. */
  readonly test: () => Promise<Ended>;
  /** Runs one of its programs under emulation. */
  readonly run: (program: string, ...operands: readonly string[]) => Promise<Ended>;
}

async function ended(program: string, operands: readonly string[], environment = {}): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(program, operands, { env: { ...process.env, ...environment } });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, output: `${stdout ?? ''}${stderr ?? ''}` };
  }
}

/**
 * Builds a project for AArch64 as a user does who has a toolchain file, with every warning an error.
 *
 * @param compiler - Which compiler CMake finds in the toolchain file.
 * @param flags - Flags beside those for warnings.
 * @param definitions - Variables for CMake, as on its command line.
 * @throws Error with the compiler's messages when anything fails.
 */
export async function crossBuild(
  project: string,
  compiler: 'gcc' | 'clang',
  flags = '',
  definitions: readonly string[] = [],
): Promise<CrossBuild> {
  const folder = temporaryFolder();
  const build = join(folder, 'build');
  const toolchainFile = join(folder, 'toolchain.cmake');
  const emulator = [tools.qemu ?? '', '-cpu', 'cortex-a76', '-L', libraries];
  writeFileSync(
    toolchainFile,
    `set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER ${tools[compiler] ?? ''})
${compiler === 'clang' ? 'set(CMAKE_C_COMPILER_TARGET aarch64-linux-gnu)' : ''}
set(CMAKE_CROSSCOMPILING_EMULATOR "${emulator.join(';')}")
`,
  );
  const cmake = async (...operands: readonly string[]): Promise<void> => {
    const { code, output } = await ended(tools.cmake ?? '', operands);
    if (code !== 0) throw new Error(output);
  };
  await cmake(
    ...['-S', project, '-B', build, '-G', 'Ninja', `-DCMAKE_TOOLCHAIN_FILE=${toolchainFile}`],
    ...[`-DCMAKE_MAKE_PROGRAM=${tools.ninja ?? ''}`, `-DCMAKE_C_FLAGS=${warnings} ${flags}`],
    ...definitions,
  );
  await cmake('--build', build);
  // Leaks are looked for by tracing the process, which an emulated one cannot be.
  const environment = { ASAN_OPTIONS: 'detect_leaks=0' };
  const [qemu = '', ...emulation] = emulator;
  return {
    folder: build,
    test: () => ended(join(tools.cmake ?? '', '../ctest'), ['--test-dir', build, '--verbose'], environment),
    run: (program, ...operands) =>
      ended(qemu, [...emulation, join(build, program), ...operands], environment),
  };
}
