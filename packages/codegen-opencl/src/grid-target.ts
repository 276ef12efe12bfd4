import { halfUse, type GridCall, type GridChoice, type GridTarget } from '@grim/kernels';

import type { OpenclCapabilities } from './capabilities.ts';

/** The weights of a call through an image, where it has any that fit. */
function weightsInImage({ kernel, constants }: GridCall, imageBytes: number): GridChoice {
  // Images hold words.
  const { memory, arithmetic } = halfUse(kernel);
  if (memory || arithmetic) return {};
  const [largest] = [...constants].sort(([, left], [, right]) => right - left);
  if (!largest || largest[1] > imageBytes) return {};
  return { placement: { [largest[0]]: 'image' } };
}

/**
 * How the work-items of a device share the calls of a program unless a tuner chooses: with what the device allows, and weights
 * where it reads them best.
 */
export function gridTarget(capabilities: OpenclCapabilities): GridTarget {
  if (capabilities.weights === 'buffer') return { limits: capabilities };
  return { limits: capabilities, choose: (call) => weightsInImage(call, capabilities.imageBytes) };
}
