import type { Model } from '@grim/runtime';
import { callReport, type CallReport } from '../reports/call-report.ts';
import type { Frames } from '../run/read-frames.ts';
import { quantile } from './measure-rounds.ts';

/** A kernel call with its time. */
export interface CallTiming extends CallReport {
  /** Median in microseconds, timed alone: with the cost of entering WebAssembly, which a whole run pays once. */
  readonly p50: number;
}

/** Times each kernel call of a model alone, over whole runs on the frames by turns. */
export function measureCalls(model: Model, frames: Frames, runs: number): CallTiming[] {
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
  return model.calls.map((call, index) => ({
    ...callReport(call),
    p50: quantile((times[index] ?? new Float64Array(0)).sort(), 0.5),
  }));
}
