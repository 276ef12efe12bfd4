/** Says what is done now, how far it is, and how long the rest takes if it goes on like this. */
export function progressWithRemainingTime(
  steps: number,
  progress: (line: string) => void,
  now: () => number = () => performance.now(),
): (step: string) => void {
  const start = now();
  let done = 0;
  return (step) => {
    const left = done === 0 ? '' : `, ${formatDuration(((now() - start) / done) * (steps - done))} left`;
    done++;
    progress(`${done}/${steps} ${step}${left}`);
  };
}

/** Milliseconds in minutes and seconds. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
