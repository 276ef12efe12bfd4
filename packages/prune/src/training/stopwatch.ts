/** Milliseconds after which other work of the process gets a turn. */
const turn = 100;

/** Times a run that has done some steps before. */
export function stopwatch(doneBefore: number): {
  readonly secondsLeft: (done: number, total: number) => number;
  readonly breathe: () => Promise<void>;
} {
  const start = performance.now();
  let lastTurn = start;
  return {
    secondsLeft: (done, total) =>
      ((performance.now() - start) / 1000 / Math.max(1, done - doneBefore)) * (total - done),
    // A trainer that never waits for the system would let no signal to stop and no timer through.
    breathe: async () => {
      if (performance.now() - lastTurn < turn) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
      lastTurn = performance.now();
    },
  };
}
