/** Milliseconds after which other work of the process gets a turn. */
const turn = 100;

/**
 * Lets signals, timers and screens have their turn now and then in long work that never waits for the system: await it after each step.
 */
export function breather(): () => Promise<void> {
  let lastTurn = performance.now();
  return async () => {
    if (performance.now() - lastTurn < turn) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    lastTurn = performance.now();
  };
}
