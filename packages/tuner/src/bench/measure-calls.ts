import type { Model } from '@grim/runtime';
import type { EstimatedCall } from '../inspect/layer-report.ts';
import { estimatesFor, type EstimatedProgram } from '../model/lower-with-estimates.ts';
import { callReport } from '../reports/call-report.ts';
import { estimateReport } from '../reports/estimate-report.ts';
import type { Frames } from '../run/read-frames.ts';
import { quantile } from './measure-rounds.ts';

/** A kernel call with its time. */
export interface CallTiming extends EstimatedCall {
  /**
   * Median in microseconds, timed alone on the thread of the caller: with the cost of entering WebAssembly, which a whole
   * run pays once per thread.
   */
  readonly p50: number;
}

/**
 * Times each kernel call of a model alone, over whole runs on the frames by turns.
 *
 * @param estimated - What the calls do, where the graph is there to be lowered.
 */
export function measureCalls(
  model: Model,
  frames: Frames,
  runs: number,
  estimated: EstimatedProgram | undefined,
): CallTiming[] {
  const session = model.createSession();
  const times = model.calls.map(() => new Float64Array(runs));
  for (let run = 0; run < runs; run++) {
    for (const [name, values] of Object.entries(frames.at(run % frames.count)))
      session.input(name).set(values);
    for (const [index, durations] of times.entries()) {
      const start = performance.now();
      model.runCall(session, index);
      durations[run] = (performance.now() - start) * 1000;
    }
  }
  const estimates = estimated ? estimatesFor(model.calls, estimated) : [];
  return model.calls.map((call, index) => {
    const estimate = estimates[index];
    return {
      ...callReport(call),
      estimate: estimate ? estimateReport([estimate]) : null,
      p50: quantile((times[index] ?? new Float64Array(0)).sort(), 0.5),
    };
  });
}
