import { loadModel } from '../../src/index.ts';
import { leakyFile } from './leaky-model.ts';

/**
 * Runs in a process of its own, with `--expose-gc` and a young generation so large that nothing is collected while it
 * measures: what the heap has grown by is what was allocated, garbage included. Prints bytes per case and step count.
 */
const collect = globalThis.gc;
if (!collect) throw new Error('start with --expose-gc');

const model = await loadModel(leakyFile());
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

const report = Object.entries(cases).map(([name, step]) => {
  // Until the engine has compiled the loop for good, its compiler allocates too.
  for (let round = 0; round < 2; round++) growth(step, 20_000);
  return [name, { few: growth(step, 1_000), many: growth(step, 200_000) }] as const;
});
console.log(JSON.stringify({ ...Object.fromEntries(report), sink: typeof sink }));
