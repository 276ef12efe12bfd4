/** Times a run that has done some steps before. */
export function stopwatch(doneBefore: number): {
  readonly secondsLeft: (done: number, total: number) => number;
} {
  const start = performance.now();
  return {
    secondsLeft: (done, total) =>
      ((performance.now() - start) / 1000 / Math.max(1, done - doneBefore)) * (total - done),
  };
}
