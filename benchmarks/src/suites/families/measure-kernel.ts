import { estimateKernel, type KernelBenchmark, type Traffic } from '@grim/kernels';
import { measureInterleaved, type Side } from '@grim/tools/measure-interleaved';
import { multiplyAddPeak } from '../../measuring/multiply-add-peak.ts';
import type { Row } from '../../results/benchmark-result.ts';
import { instantiateKernel } from '../../measuring/instantiate-kernel.ts';

/** How long is measured. */
export interface KernelTiming {
  readonly rounds: number;
  /** About how many milliseconds of calls of a side are one measurement: one call may be shorter than a timer can tell. */
  readonly sideMilliseconds: number;
}

/** Differences beyond this, or beyond this share of the value, are no rounding. */
const TOLERANCE = 1e-3;

/** A function that is called so often that the time can be told, as one timed call. */
interface Repeated {
  readonly side: Side;
  readonly calls: number;
}

function repeated(run: () => unknown, milliseconds: number): Repeated {
  let calls = 1;
  const block = (): void => {
    for (let call = 0; call < calls; call++) run();
  };
  // The first calls settle compilers and caches.
  for (let warm = 0; warm < 3; warm++) run();
  for (;;) {
    const start = performance.now();
    block();
    if (performance.now() - start >= milliseconds / 2) return { side: { run: block }, calls };
    calls *= 2;
  }
}

/** A fast wrong answer is no result. NaN is expected where anything may be. */
function requireResults(
  { name, kernel, expected }: KernelBenchmark,
  read: (buffer: string) => Float32Array,
): void {
  for (const [buffer, values] of Object.entries(expected)) {
    const computed = read(buffer);
    for (const [index, value] of values.entries()) {
      const difference = Math.abs((computed[index] ?? Number.NaN) - value);
      if (Number.isNaN(value) || difference <= TOLERANCE * Math.max(1, Math.abs(value))) continue;
      throw new Error(
        `${name} (${kernel.name}): ${buffer}[${index}] is ${computed[index] ?? 'missing'}, expected ${value}`,
      );
    }
  }
}

/** Times a kernel, its plain definition and the loop of multiply-adds by turns. */
export async function measureKernel(
  family: string,
  benchmark: KernelBenchmark,
  { rounds, sideMilliseconds }: KernelTiming,
): Promise<Row> {
  const { name, kernel, buffers, plain, usefulOperations } = benchmark;
  const instance = await instantiateKernel(kernel, buffers);
  instance.run();
  requireResults(benchmark, instance.read);
  const peak = await multiplyAddPeak();
  const calls = {
    kernel: repeated(instance.run, sideMilliseconds),
    plain: repeated(plain, sideMilliseconds),
    peak: repeated(peak.run, sideMilliseconds),
  };
  const { sides, ratio } = await measureInterleaved(
    { kernel: calls.kernel.side, plain: calls.plain.side, peak: calls.peak.side },
    { rounds, callsPerRound: 3, settlingCalls: 1, warmupRounds: 1 },
  );
  const microseconds = (side: keyof typeof calls): number => sides[side].p50 / calls[side].calls;
  const time = microseconds('kernel');
  const usefulRate = usefulOperations / time / 1000;
  const peakRate = (2 * peak.macs) / microseconds('peak') / 1000;
  const estimate = estimateKernel(kernel, buffers);
  const bytes = (kind: keyof Traffic): number =>
    Object.values(estimate.buffers).reduce((sum, traffic) => sum + traffic[kind], 0);
  const estimatedFlops = 2 * estimate.multiplyAdds + estimate.otherOperations;
  return {
    family,
    problem: name,
    kernel: kernel.name,
    time_us: time,
    plain_us: microseconds('plain'),
    speedup: (ratio('plain', 'kernel') * calls.kernel.calls) / calls.plain.calls,
    // Copies compute nothing.
    useful_gflops: usefulOperations > 0 ? usefulRate : null,
    peak_fraction: usefulOperations > 0 ? usefulRate / peakRate : null,
    gigabytes_per_s: (bytes('loadedBytes') + bytes('storedBytes')) / time / 1000,
    estimated_flops: estimatedFlops,
    transcendentals: estimate.transcendentals,
    loaded_bytes: bytes('loadedBytes'),
    stored_bytes: bytes('storedBytes'),
    touched_bytes: bytes('touchedBytes'),
  };
}
