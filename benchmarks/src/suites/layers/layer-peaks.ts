import { multiplyAddPeak, type MultiplyAddPeak } from '../../measuring/multiply-add-peak.ts';
import { webAssemblyFeatures } from '../../measuring/web-assembly-features.ts';

/** The loops that layers are compared with. */
export interface LayerPeaks {
  /** Products and sums rounded one by one. */
  readonly peak: MultiplyAddPeak;
  /** Rounded as the engine likes; absent where it has no relaxed SIMD. */
  readonly relaxedPeak?: MultiplyAddPeak;
}

/** Builds the loops that this engine accepts. */
export async function layerPeaks(): Promise<LayerPeaks> {
  const peak = await multiplyAddPeak();
  if (!webAssemblyFeatures().relaxedSimd) return { peak };
  const relaxedPeak = await multiplyAddPeak(
    (left, right, addend) => `(f32x4.relaxed_madd ${left} ${right} ${addend})`,
  );
  return { peak, relaxedPeak };
}
