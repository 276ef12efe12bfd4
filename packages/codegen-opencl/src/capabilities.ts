import type { GridLimits } from '@grim/kernels';

/** What a renderer may use of an OpenCL device, and what schedules may count on. */
export interface OpenclCapabilities extends GridLimits {
  /** What kind of device this is, for people. */
  readonly device: string;
  /**
   * How `left · right + addend` is rounded. `separate`: the product, then the sum, so that results have the bits of the
   * interpreter and of strict WebAssembly. `fused`: once, closer to the exact result.
   */
  readonly multiplyAdd: 'separate' | 'fused';
  /** Where {@link gridTarget} has the weights of a call read from: `image` where textures have a cache of their own. */
  readonly weights: 'buffer' | 'image';
  /** Whether there is arithmetic of 16-bit floats (`cl_khr_fp16`). */
  readonly halfPrecision: boolean;
}

/** Devices that code can be rendered for. */
export const openclProfiles = {
  /** What every device with OpenCL 1.2 has that is no part of another one: local memory of 32 KiB, images of 65 536 pixels. */
  generic: {
    device: 'any device with OpenCL 1.2',
    multiplyAdd: 'fused',
    groupItems: 128,
    localBytes: 2 ** 15,
    imageBytes: 2 ** 20,
    weights: 'buffer',
    halfPrecision: false,
  },
  /** GPUs of Qualcomm, with a cache for textures of their own. */
  adreno: {
    device: 'Adreno 5xx and later',
    multiplyAdd: 'fused',
    groupItems: 256,
    localBytes: 2 ** 15,
    imageBytes: 2 ** 30,
    weights: 'image',
    halfPrecision: true,
  },
  /** GPUs of Arm, whose local memory is ordinary memory behind the same cache. */
  mali: {
    device: 'Mali-G7x and later',
    multiplyAdd: 'fused',
    groupItems: 256,
    localBytes: 2 ** 15,
    imageBytes: 2 ** 20,
    weights: 'buffer',
    halfPrecision: true,
  },
} as const satisfies Readonly<Record<string, OpenclCapabilities>>;

/** Name of a profile in {@link openclProfiles}. */
export type OpenclProfile = keyof typeof openclProfiles;

/** The capabilities of a device, with multiply-adds that round as the interpreter does. */
export function strict(capabilities: OpenclCapabilities): OpenclCapabilities {
  return { ...capabilities, multiplyAdd: 'separate' };
}
