import { GrimError } from '@grim/ir';

/** Every probe is a module with one function of no parameters; only its body differs. */
function moduleWithBody(...body: number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version
    ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00], // (type (func))
    ...[0x03, 0x02, 0x01, 0x00], // (func (type 0))
    ...[0x0a, body.length + 4, 0x01, body.length + 2, 0x00, ...body, 0x0b],
  ]);
}

/** `v128.const i32x4 0 0 0 0` */
const zeroVector = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];

const probes = {
  // v128.const …; drop
  simd: moduleWithBody(...zeroVector, 0x1a),
  // v128.const …; v128.const …; v128.const …; f32x4.relaxed_madd (0xfd 0x105); drop
  relaxedSimd: moduleWithBody(...zeroVector, ...zeroVector, ...zeroVector, 0xfd, 0x85, 0x02, 0x1a),
  // atomic.fence
  threads: moduleWithBody(0xfe, 0x03, 0x00),
} as const satisfies Record<string, Uint8Array>;

/** Which extensions this WebAssembly engine accepts, found by letting it validate a small module for each. */
export function webAssemblyFeatures(): Record<keyof typeof probes, boolean> {
  return {
    simd: WebAssembly.validate(probes.simd),
    relaxedSimd: WebAssembly.validate(probes.relaxedSimd),
    threads: WebAssembly.validate(probes.threads),
  };
}

/**
 * Refuses to go on in an engine without relaxed SIMD.
 *
 * @throws GrimError that says which one has it.
 */
export function requireRelaxedSimd(): void {
  if (webAssemblyFeatures().relaxedSimd) return;
  throw new GrimError(`${process.version} has no relaxed SIMD; run this suite with Node 22 or newer`);
}
