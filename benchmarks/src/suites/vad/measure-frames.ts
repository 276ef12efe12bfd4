import { measureInterleaved, type Side } from '@grim/tools/measure-interleaved';
import { inputWindows, onnxruntimeWebEngine, type VadEngine } from '@grim/tools/silero';
import type { SuiteOutcome } from '../../suite.ts';
import { heapGrowth } from './heap-growth.ts';
import { onnxruntimeNodeEngine } from './onnxruntime-node-engine.ts';
import type { TestRecording } from './test-recording.ts';
import { node, variant, web, type VadModels, type VadModelUnderTest } from './vad-models.ts';
import { vadRow } from './vad-row.ts';

/** How long is measured. */
export interface FrameTiming {
  /** Rounds of 300 frames per side: 9.6 s of sound. */
  readonly rounds: number;
  readonly warmupRounds: number;
}

/** Taking the time around nothing: every other time contains this much. */
const timer = 'timer alone';

/** Time per frame of all engines by turns, and what a frame leaves on the heap of JavaScript. */
export async function measureFrames(
  { dense, pruned2, pruned4 }: VadModels,
  { samples }: TestRecording,
  { rounds, warmupRounds }: FrameTiming,
): Promise<SuiteOutcome> {
  const windows = inputWindows(samples, variant.options);
  // Each side walks over the recording at its own pace, from round to round.
  const grim = ({ session }: VadModelUnderTest): Side => {
    let frame = 0;
    return { run: () => session.step(windows[frame++ % windows.length] as Float32Array) };
  };
  const onnxruntime = (engine: VadEngine): Side => {
    let frame = 0;
    return { run: () => engine.step(windows[frame++ % windows.length] as Float32Array) };
  };
  const { sides, ratio } = await measureInterleaved(
    {
      dense: grim(dense),
      pruned2: grim(pruned2),
      pruned4: grim(pruned4),
      web: onnxruntime(await onnxruntimeWebEngine(variant)),
      node: onnxruntime(await onnxruntimeNodeEngine(variant)),
      timer: { run: () => undefined },
    },
    { rounds, callsPerRound: 300, settlingCalls: 20, warmupRounds },
  );

  const names = { dense: dense.name, pruned2: pruned2.name, pruned4: pruned4.name, web, node, timer };
  const window = windows[0] as Float32Array;
  const heap: Partial<Record<keyof typeof names, number>> = {
    dense: heapGrowth(() => dense.session.step(window)),
    pruned2: heapGrowth(() => pruned2.session.step(window)),
    pruned4: heapGrowth(() => pruned4.session.step(window)),
  };
  return {
    rows: (Object.keys(names) as (keyof typeof names)[]).map((name) =>
      vadRow({
        kind: 'speed',
        side: names[name],
        p50_us: sides[name].p50,
        p99_us: sides[name].p99,
        tail_ratio: sides[name].tailRatio,
        ...(name !== 'timer' && {
          baseline: web,
          ratio: ratio(name, 'web'),
          ratio_to_node: ratio(name, 'node'),
        }),
        ...(heap[name] !== undefined && { heap_bytes_per_frame: heap[name] }),
      }),
    ),
    summary: {
      dense_vs_ort_web: ratio('dense', 'web'),
      pruned2_vs_ort_web: ratio('pruned2', 'web'),
      pruned4_vs_ort_web: ratio('pruned4', 'web'),
      dense_vs_ort_node: ratio('dense', 'node'),
      p99_over_p50: Math.max(sides.dense.tailRatio, sides.pruned4.tailRatio),
      heap_bytes_per_frame: Math.max(...Object.values(heap)),
    },
  };
}
