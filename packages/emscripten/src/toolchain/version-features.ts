import type { FeatureSupport, ToolchainFeature, ToolchainFeatures, ToolchainKind } from './toolchain.ts';

/** Parts of a version, the most significant first. */
export type Version = readonly [major: number, minor: number, patch: number];

/**
 * First version of each toolchain with a feature as engines know it. Relaxed SIMD was an experiment with other instruction codes and
 * names in the compilers before.
 */
const firstVersions: Readonly<Record<ToolchainKind, Readonly<Record<ToolchainFeature, Version>>>> = {
  emscripten: { simd: [2, 0, 18], relaxedSimd: [3, 1, 40], threads: [2, 0, 18] },
  clang: { simd: [13, 0, 0], relaxedSimd: [17, 0, 0], threads: [13, 0, 0] },
};

const names: Readonly<Record<ToolchainFeature, string>> = {
  simd: '128-bit SIMD',
  relaxedSimd: 'relaxed SIMD with final instruction codes',
  threads: 'shared memory',
};

const isAtLeast = (version: Version, least: Version): boolean => {
  const index = version.findIndex((part, position) => part !== least[position]);
  return index < 0 || (version[index] ?? 0) > (least[index] ?? 0);
};

function support(kind: ToolchainKind, version: Version, feature: ToolchainFeature): FeatureSupport {
  const first = firstVersions[kind][feature];
  if (isAtLeast(version, first)) return { isSupported: true };
  return {
    isSupported: false,
    reason: `${names[feature]} needs ${kind} ${first.join('.')} or later, this is ${version.join('.')}`,
  };
}

/** What a toolchain of this version has. */
export function versionFeatures(kind: ToolchainKind, version: Version): ToolchainFeatures {
  return {
    simd: support(kind, version, 'simd'),
    relaxedSimd: support(kind, version, 'relaxedSimd'),
    threads: support(kind, version, 'threads'),
  };
}
