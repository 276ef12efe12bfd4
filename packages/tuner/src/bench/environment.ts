import { cpus } from 'node:os';

/** What a measurement depends on beside the model. */
export interface Environment {
  readonly cpu: string;
  /** Cores of the machine. */
  readonly cores: number;
  readonly node: string;
  readonly v8: string;
  /** Operating system and architecture. */
  readonly platform: string;
  /** WebAssembly features the code uses. */
  readonly features: readonly string[];
}

/** Describes this machine. */
export function environment(features: readonly string[]): Environment {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    features,
  };
}
