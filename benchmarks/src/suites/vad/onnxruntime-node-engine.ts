import { onnxruntimeEngine, type SileroVariant, type VadEngine } from '@grim/tools/silero';
import * as onnxruntime from 'onnxruntime-node';

/** A model in onnxruntime as native code, on one thread. */
export function onnxruntimeNodeEngine(variant: SileroVariant): Promise<VadEngine> {
  return onnxruntimeEngine(onnxruntime, variant, { intraOpNumThreads: 1, interOpNumThreads: 1 });
}
