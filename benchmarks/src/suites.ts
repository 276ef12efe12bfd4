import type { Suite } from './suite.ts';

/** Loads a suite: only the one that runs pays for its imports. */
export type SuiteLoader = () => Promise<Suite>;

/** Every benchmark by the name that `npm run bench -- NAME` takes; a row is all that a new one needs. */
export const suites: Readonly<Record<string, SuiteLoader>> = {
  accuracy: async () => (await import('./suites/accuracy.ts')).accuracy,
  ablation: async () => (await import('./suites/ablation.ts')).ablation,
  arm: async () => (await import('./suites/arm.ts')).arm,
  families: async () => (await import('./suites/families.ts')).families,
  'inner-loops': async () => (await import('./suites/inner-loops.ts')).innerLoops,
  layers: async () => (await import('./suites/layers.ts')).layers,
  limits: async () => (await import('./suites/limits.ts')).limits,
  projection: async () => (await import('./suites/projection.ts')).projection,
  relaxed: async () => (await import('./suites/relaxed.ts')).relaxed,
  vad: async () => (await import('./suites/vad.ts')).vad,
};
