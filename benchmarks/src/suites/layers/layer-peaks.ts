import {
  multiplyAddPeak,
  relaxedMultiplyAdd,
  type MultiplyAddPeak,
} from '../../measuring/multiply-add-peak.ts';
import { webAssemblyFeatures } from '../../measuring/web-assembly-features.ts';

/** The loops that layers are compared with. */
export interface LayerPeaks {
  /** Products and sums rounded one by one. */
  readonly peak: MultiplyAddPeak;
  /** The multiply-add of relaxed SIMD; absent where it has no relaxed SIMD. */
  readonly relaxedPeak?: MultiplyAddPeak;
}

/** Builds the loops that this engine accepts. */
export async function layerPeaks(): Promise<LayerPeaks> {
  const peak = await multiplyAddPeak();
  if (!webAssemblyFeatures().relaxedSimd) return { peak };
  return { peak, relaxedPeak: await multiplyAddPeak(relaxedMultiplyAdd) };
}
