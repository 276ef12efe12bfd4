import { readFileSync } from 'node:fs';
import { loadModel } from '../../src/index.ts';

/**
 * Runs in a process of its own, with `--expose-gc` and a young generation so large that nothing is collected while it
 * measures: what the heap has grown by is what was allocated, garbage included. Takes the path of a model with one input
 * `x [1,4]`; prints bytes per case.
 */
const collect = globalThis.gc;
if (!collect) throw new Error('start with --expose-gc');

const model = await loadModel(readFileSync(process.argv[2] ?? ''));
const [session, other] = [model.createSession(), model.createSession()];
const frame = Float32Array.of(1, 2, 3, 4);
const inputs = { x: frame };

/** Cases by name; the last one allocates on purpose, to show that the measurement would see it. */
const cases: Record<string, () => unknown> = {
  step: () => session.step(frame),
  run: () => session.run(inputs),
  runOnWrittenInput: () => session.run(),
  switchSessions: () => {
    session.step(frame);
    return other.step(frame);
  },
  control: () => ({ x: session.step(frame) }),
};

let sink: unknown;

function growth(step: () => unknown, count: number): number {
  collect?.();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < count; index++) sink = step();
  return process.memoryUsage().heapUsed - before;
}

/**
 * The least of several measurements: the engine's compiler allocates on the same heap, whenever it gets to it, but
 * not every time. What a call allocates shows in all of them.
 */
function leastGrowth(step: () => unknown, count: number): number {
  return Math.min(...Array.from({ length: 5 }, () => growth(step, count)));
}

const report = Object.entries(cases).map(([name, step]) => {
  growth(step, 100_000);
  return [name, { few: leastGrowth(step, 1_000), many: leastGrowth(step, 200_000) }] as const;
});
console.log(JSON.stringify({ ...Object.fromEntries(report), sink: typeof sink }));
