import { createHash } from 'node:crypto';
import { writeArtefact, type Graph } from '@grim/ir';
import { readInputFile } from '../../files/read-input-file.ts';
import { version } from '../../version.ts';
import type { PruneSettings } from '../prune-settings.ts';
import type { TrainingExamples } from './training-examples.ts';
import type { ResolvedTraining } from './training-settings.ts';

/** All that decides how a run ends, as text by name: an option of the command line, or `grim`, `model` and `examples`. */
export type RunOrigin = Readonly<Record<string, string>>;

/** What a run is made of. */
export interface RunParts {
  readonly graph: Graph;
  readonly examples: TrainingExamples;
  /** Path of the file with labels. */
  readonly labels: string | undefined;
  readonly settings: PruneSettings;
  readonly training: ResolvedTraining;
}

/** Says of a run what another has to agree with to end in the same bits; of contents it keeps the SHA-256. */
export async function runOrigin(parts: RunParts): Promise<RunOrigin> {
  const { graph, examples, labels, settings, training } = parts;
  const options = Object.entries({ ...settings, ...training });
  return {
    grim: version,
    // Stored dense, so that all bits of all weights count.
    model: sha256([writeArtefact({ graph, provenance: { grimVersion: version, options: {} } })]),
    examples: sha256(
      Object.entries(examples.inputs).flatMap(([name, { shape, data }]) => [
        new TextEncoder().encode(JSON.stringify([name, shape])),
        new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      ]),
    ),
    ...(labels !== undefined && { '--labels': sha256([await readInputFile(labels)]) }),
    ...Object.fromEntries(options.map(([name, value]) => [flagOf(name), JSON.stringify(value)])),
  };
}

function sha256(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** The option of the command line that a setting comes from: `--learning-rate` for `learningRate`. */
function flagOf(setting: string): string {
  return `--${setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
