import { afterEach, expect, test, vi } from 'vitest';
import { untilInterrupted } from '../src/cli/until-interrupted.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What Ctrl-C calls that was not there `before`: others' listeners would end the tests. */
const added = (before: readonly NodeJS.SignalsListener[]): NodeJS.SignalsListener[] =>
  process.listeners('SIGINT').filter((listener) => !before.includes(listener));

test('the first Ctrl-C stops what runs, with the message; the second ends the process', async () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const before = process.listeners('SIGINT');
  let stopped: AbortSignal | undefined;
  let end = (): void => undefined;
  const running = untilInterrupted('stopped here', async (signal) => {
    stopped = signal;
    // Does not stop by itself: a long step.
    await new Promise<void>((resolve) => (end = resolve));
    signal.throwIfAborted();
  });
  const [interrupt] = added(before);

  interrupt?.('SIGINT');
  expect(stopped?.aborted).toBe(true);
  expect(kill).not.toHaveBeenCalled();

  interrupt?.('SIGINT');
  expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGINT');
  expect(added(before), 'nothing keeps the signal from the process').toEqual([]);

  end();
  await expect(running).rejects.toMatchObject({ name: 'AbortError', message: 'stopped here' });
});

test('nothing listens any more when it is through', async () => {
  const before = process.listeners('SIGINT');
  await expect(untilInterrupted('stopped', () => Promise.resolve(3))).resolves.toBe(3);
  await expect(untilInterrupted('stopped', () => Promise.reject(new Error('full')))).rejects.toThrow('full');
  expect(added(before)).toEqual([]);
});
