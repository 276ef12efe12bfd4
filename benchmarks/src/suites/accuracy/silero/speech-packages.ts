import { benchmarkData, installCommand, isInstalled, type Toolchain } from '@grim/toolchains';

/** What models are calibrated on: English, Spanish, French. Two speakers. */
export const calibrationPackages: readonly Toolchain[] = [
  benchmarkData.englishPrompts,
  benchmarkData.spanishPrompts,
  benchmarkData.frenchPrompts,
];

/** What they are judged on: Italian and Russian, by two other speakers. */
export const testPackages: readonly Toolchain[] = [
  benchmarkData.italianPrompts,
  benchmarkData.russianPrompts,
];

/** What is not installed and how to get it; nothing when everything is there. */
export function missingSpeech(): string | undefined {
  const missing = [...calibrationPackages, ...testPackages].filter((each) => !isInstalled(each));
  return missing.length === 0 ? undefined : `recordings are missing: ${installCommand(missing)}`;
}
