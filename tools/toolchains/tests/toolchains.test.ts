import { expect, test } from 'vitest';
import { benchmarkData } from '../src/benchmark-data.ts';
import { requireToolchain } from '../src/require-toolchain.ts';
import { installCommand, isInstalled, toolchains, versionOf } from '../src/toolchains.ts';

const present = { purpose: 'test', executable: process.execPath, packages: ['one'] };
const absent = { purpose: 'test', executable: '/nonexistent/program', packages: ['one', 'two'] };

test('a program that is there is found', () => {
  expect(isInstalled(present)).toBe(true);
  expect(requireToolchain('chromium', { ...toolchains, chromium: present }, {})).toBe(process.execPath);
});

test('a missing program lets its tests be skipped, unless toolchains are required', () => {
  expect(isInstalled(absent)).toBe(false);
  expect(requireToolchain('chromium', { ...toolchains, chromium: absent }, {})).toBeUndefined();
  expect(() =>
    requireToolchain('chromium', { ...toolchains, chromium: absent }, { GRIM_REQUIRE_TOOLCHAINS: '1' }),
  ).toThrow('chromium is missing: apt-get update && apt-get install -y --no-install-recommends one two');
});

test('the version of a program is one line, and that of a missing one nothing', () => {
  expect(versionOf(present)).toBe(process.version);
  expect(versionOf(absent)).toBeUndefined();
});

test('a file of headers or libraries is there when it can be read', () => {
  const library = { ...present, executable: import.meta.filename, isProgram: false } as const;
  expect(isInstalled(library)).toBe(true);
  expect(isInstalled({ ...library, executable: absent.executable })).toBe(false);
  // There is no package of that name.
  expect(versionOf(library)).toBeUndefined();
});

test('one command installs all, each package once', () => {
  expect(installCommand([present, absent])).toMatch(/ one two$/);
});

test('every row says how to get it', () => {
  for (const [name, { executable, packages }] of Object.entries(toolchains)) {
    expect(executable, name).toMatch(/^\//);
    expect(packages.length, name).toBeGreaterThan(0);
  }
});

test('every set of data for benchmarks is a file or folder of one Debian package of its own', () => {
  const sets = Object.values(benchmarkData);
  expect(new Set(sets.map(({ executable }) => executable)).size).toBe(sets.length);
  for (const set of sets) {
    expect(set).toMatchObject({ isProgram: false });
    expect(installCommand([set]).endsWith(set.packages.join(' '))).toBe(true);
  }
});
