/**
 * Runs what can be stopped by a signal, which Ctrl-C gives. The second Ctrl-C ends the process at once, as at other times.
 *
 * @param message - What is said when it was stopped.
 * @throws What `action` throws; an `AbortError` with the message when it was stopped.
 */
export async function untilInterrupted<T>(
  message: string,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  // Not `once`: a listener that is gone when signal-exit counts those of others would have the process end at once.
  const interrupt = (): void => {
    if (stop.signal.aborted) {
      process.off('SIGINT', interrupt);
      process.kill(process.pid, 'SIGINT');
    }
    stop.abort(new DOMException(message, 'AbortError'));
  };
  process.on('SIGINT', interrupt);
  try {
    return await action(stop.signal);
  } finally {
    process.off('SIGINT', interrupt);
  }
}
