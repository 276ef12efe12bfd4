import { readFileSync } from 'node:fs';
import type { Graph } from '@grim/ir';
import { importOnnx } from '@grim/onnx';
import { inputSamples, sileroFile, type SileroVariant } from './silero-variants.ts';

/** Imports a model for one stream at 16 kHz: with `sr` known, its branches for 8 kHz are not taken. */
export function importSilero(variant: SileroVariant): Graph {
  const file = sileroFile(variant);
  return importOnnx(readFileSync(file), {
    inputs: { sr: variant.options.modelSampleRate },
    shapes: { input: [1, inputSamples(variant)] },
    file,
  });
}
