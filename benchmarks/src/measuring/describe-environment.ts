import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Environment } from '../results/benchmark-result.ts';
import { webAssemblyFeatures } from './web-assembly-features.ts';

/** Describes this machine and engine, as printed beside every number. */
export function describeEnvironment(): Environment {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    architecture: process.arch,
    operatingSystem: `${type()} ${release()}`,
    node: process.version,
    v8: process.versions.v8,
    features: webAssemblyFeatures(),
  };
}

/** An environment in one line of text. */
export function formatEnvironment(environment: Environment): string {
  const features = Object.entries(environment.features)
    .filter(([, present]) => present)
    .map(([name]) => name);
  return (
    `${environment.cpu}, ${environment.cores} cores, ${environment.operatingSystem} ${environment.architecture}, ` +
    `Node ${environment.node}, WebAssembly with ${features.join(', ') || 'no extensions'}`
  );
}
