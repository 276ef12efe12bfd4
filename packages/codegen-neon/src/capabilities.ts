import type { KernelTarget } from '@grim/kernels';

/** What a renderer may use of an AArch64 processor, and what schedules may count on: `lowerGraph` takes it as `target`. */
export interface NeonCapabilities extends KernelTarget {
  /** The processor, as compilers name it: `-mcpu=‹processor›`. */
  readonly processor: string;
  /**
   * How `left · right + addend` is rounded. `separate`: the product, then the sum, so that results have the bits of the
   * interpreter and of strict WebAssembly. `fused`: once, one instruction, closer to the exact result.
   */
  readonly multiplyAdd: 'separate' | 'fused';
  /** Whether there is arithmetic of 16-bit floats (ARMv8.2 `fp16`). */
  readonly halfPrecision: boolean;
}

/** What every processor below has: AArch64 demands fused multiply-adds and 32 vector registers. */
const common = { multiplyAdd: 'fused', vectorRegisters: 32, loadsPairs: true } as const;

/** Processors that code can be rendered for. */
export const neonProfiles = {
  /** In-order cores of phones and boards. */
  'cortex-a55': { ...common, processor: 'cortex-a55', halfPrecision: true },
  /** Out-of-order cores of phones since 2018, and of the Raspberry Pi 5. */
  'cortex-a76': { ...common, processor: 'cortex-a76', halfPrecision: true },
  /** The large core of phones since 2021. */
  'cortex-x1': { ...common, processor: 'cortex-x1', halfPrecision: true },
  /** Phones, tablets and computers of Apple since 2020 (A14, M1). */
  apple: { ...common, processor: 'apple-a14', halfPrecision: true },
} as const satisfies Readonly<Record<string, NeonCapabilities>>;

/** Name of a profile in {@link neonProfiles}. */
export type NeonProfile = keyof typeof neonProfiles;

/** The capabilities of a processor, with multiply-adds that round as the interpreter does. */
export function strict(capabilities: NeonCapabilities): NeonCapabilities {
  return { ...capabilities, multiplyAdd: 'separate' };
}
