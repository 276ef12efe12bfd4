import { loadModel } from '@grim/runtime';
import { coldLoadRequest, inputSamples, prepareColdLoads } from '@grim/tools/silero';
import { median } from 'simple-statistics';
import type { SuiteOutcome } from '../../suite.ts';
import { variant, web, type VadModels } from './vad-models.ts';
import { vadRow } from './vad-row.ts';

/** How often is loaded. */
export interface LoadCounts {
  /** Fresh processes per side. */
  readonly cold: number;
  /** Loads of each model in this process. */
  readonly warm: number;
}

/** From bytes to the first result: in fresh processes, where it happens once as in a page, and again and again in this one. */
export async function measureLoads(
  { dense, pruned2, pruned4 }: VadModels,
  counts: LoadCounts,
): Promise<SuiteOutcome> {
  const cold = await coldLoads(
    [
      coldLoadRequest(variant, dense.path),
      coldLoadRequest(variant, pruned2.path),
      coldLoadRequest(variant, pruned4.path),
      coldLoadRequest(variant),
    ],
    counts.cold,
  );
  const [coldDense = Number.NaN, coldPruned2 = Number.NaN, coldPruned4 = Number.NaN, coldWeb = Number.NaN] =
    cold;
  const warm = {
    dense: await warmLoad(dense.file, counts.warm),
    pruned2: await warmLoad(pruned2.file, counts.warm),
    pruned4: await warmLoad(pruned4.file, counts.warm),
  };
  return {
    rows: [
      vadRow({ kind: 'load', side: dense.name, cold_load_ms: coldDense, warm_load_ms: warm.dense }),
      vadRow({ kind: 'load', side: pruned2.name, cold_load_ms: coldPruned2, warm_load_ms: warm.pruned2 }),
      vadRow({ kind: 'load', side: pruned4.name, cold_load_ms: coldPruned4, warm_load_ms: warm.pruned4 }),
      vadRow({ kind: 'load', side: web, cold_load_ms: coldWeb }),
    ],
    summary: { load_ms: coldDense, load_warm_ms: warm.dense, ort_web_load_ms: coldWeb },
  };
}

/** The median of each request, in milliseconds, over as many fresh processes, by turns. */
async function coldLoads(
  requests: readonly ReturnType<typeof coldLoadRequest>[],
  count: number,
): Promise<number[]> {
  const times = requests.map((): number[] => []);
  const loader = await prepareColdLoads();
  try {
    for (let turn = 0; turn < count; turn++) {
      for (const [index, request] of requests.entries()) {
        times[index]?.push((await loader.load(request)).milliseconds);
      }
    }
  } finally {
    loader.close();
  }
  return times.map((values) => median(values));
}

/** The median, in milliseconds, over `count` loads after one that does not count. */
async function warmLoad(file: Uint8Array, count: number): Promise<number> {
  const silence = new Float32Array(inputSamples(variant));
  const times: number[] = [];
  for (let turn = -1; turn < count; turn++) {
    const start = performance.now();
    const model = await loadModel(file);
    model.createSession().step(silence);
    if (turn >= 0) times.push(performance.now() - start);
  }
  return median(times);
}
