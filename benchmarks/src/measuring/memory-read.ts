import { instantiateText, memoryPages } from './instantiate-text.ts';

/** A loop that reads memory from one end to the other and does little else. */
export interface MemoryRead {
  readonly run: () => void;
  /** Bytes that one call reads. */
  readonly bytes: number;
}

/** What is done with vectors: the least that keeps engines from leaving them out, or what a product does with weights. */
export type MemoryUse = 'exclusive-or' | 'multiply-add';

/** Vectors per turn, each with a sum of its own. */
const VECTORS = 8;

const uses: Readonly<Record<MemoryUse, (sum: string, vector: string) => string>> = {
  'exclusive-or': (sum, vector) => `(v128.xor ${sum} ${vector})`,
  'multiply-add': (sum, vector) => `(f32x4.add (f32x4.mul (local.get $x) ${vector}) ${sum})`,
};

/**
 * Builds the loop that the rate of kernels is compared with that read every weight once: vectors one after the other.
 *
 * @param bytes - Read by one call, rounded up to whole turns
 */
export async function memoryRead(bytes: number, use: MemoryUse = 'exclusive-or'): Promise<MemoryRead> {
  const turnBytes = VECTORS * 16;
  const end = Math.ceil(bytes / turnBytes) * turnBytes;
  const sums = Array.from({ length: VECTORS }, (_, vector) => `$sum${vector}`);
  const body = sums.map(
    (sum, vector) =>
      `(local.set ${sum} ${uses[use](`(local.get ${sum})`, `(v128.load offset=${vector * 16} (local.get $at))`)})`,
  );
  const text = `(module
    (memory (export "memory") ${memoryPages(end)})
    (func (export "run") (result i32)
      (local $at i32) (local $x v128) ${sums.map((sum) => `(local ${sum} v128)`).join(' ')}
      (local.set $x (f32x4.splat (f32.const 0.5)))
      (loop $turn
        ${body.join('\n        ')}
        (br_if $turn (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const ${turnBytes}))) (i32.const ${end}))))
      (i32x4.extract_lane 0 ${sums.map((sum) => `(local.get ${sum})`).reduce((all, sum) => `(v128.xor ${all} ${sum})`)})))`;
  const exports = await instantiateText(text);
  const run = exports['run'] as () => number;
  // Pages that were never written are one page of zeros, which the first cache holds.
  new Float32Array((exports['memory'] as WebAssembly.Memory).buffer).fill(1);
  return {
    run: () => {
      run();
    },
    bytes: end,
  };
}
