import type { Graph } from '@grim/ir';
import type { Model } from '@grim/runtime';
import { measureRounds, type Side } from '../bench/measure-rounds.ts';
import { closingModels } from '../model/closing-models.ts';
import { compileWithOperators } from '../model/program-of.ts';
import { startProgram } from '../model/start-program.ts';
import { randomFrames } from '../reference/random-frames.ts';

/** Rounds of which the median counts. */
const rounds = 15;

/** Seconds that one timed call is to take at least: well above what a clock resolves and a call costs. */
const leastSeconds = 2e-4;

/** Seconds that a network runs before it is timed: engines compile code anew that turns out to be busy. */
const warmupSeconds = 0.03;

/** A network and what of it is timed. */
export interface TimedNetwork {
  readonly graph: Graph;
  /** Whether the time of a call counts; all are run. */
  readonly counts: (path: string) => boolean;
}

/**
 * Times networks on one thread by turns in this process: medians over rounds, after some that do not count.
 *
 * @param operators - File with operators of the user's own.
 * @returns Seconds of one run of the calls that count, in the order of the networks.
 * @throws GrimError when one cannot be compiled.
 */
export async function timeNetworks(networks: readonly TimedNetwork[], operators?: string): Promise<number[]> {
  return closingModels(async (keep) => {
    const sides: WarmSide[] = [];
    for (const { graph, counts } of networks) {
      const program = await compileWithOperators(graph.name, graph, operators, {});
      const model = keep(await startProgram(program, graph.name, { strict: true }));
      sides.push(await warmSide(model, counts));
    }
    const timings = await measureRounds(sides, { rounds, callsPerRound: 1 });
    return timings.map(({ p50 }, index) => p50 / 1e6 / (sides[index]?.repeats ?? 1));
  });
}

interface WarmSide extends Side {
  /** Runs in one timed call. */
  readonly repeats: number;
}

async function warmSide(model: Model, counts: TimedNetwork['counts']): Promise<WarmSide> {
  const session = model.createSession();
  for (const [name, values] of Object.entries(randomFrames(model.inputs, 1, 1).at(0))) {
    session.input(name).set(values);
  }
  // What is not timed runs once: the others read what it wrote.
  for (const index of model.calls.keys()) model.runCall(session, index);
  const timed = model.calls.flatMap(({ path }, index) => (counts(path) ? [index] : []));
  const run = (times: number): number => {
    const start = performance.now();
    for (let turn = 0; turn < times; turn++) for (const index of timed) model.runCall(session, index);
    return (performance.now() - start) / 1000;
  };
  for (let total = 0, times = 1; total < warmupSeconds; times *= 2) total += run(times);
  // The engine's own threads put better code in place between tasks.
  await new Promise((done) => setTimeout(done));
  let repeats = 1;
  while (run(repeats) < leastSeconds) repeats *= 2;
  return {
    name: model.name,
    repeats,
    prepare: () => undefined,
    run: () => {
      run(repeats);
    },
  };
}
