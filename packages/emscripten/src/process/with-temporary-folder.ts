import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onExit } from 'signal-exit';

const removal = { recursive: true, force: true, maxRetries: 3 } as const;

/**
 * Gives `action` an empty folder that is removed afterwards, whatever happens: also when this process is asked to end, then after the
 * programs that write there were ended.
 *
 * @returns What the action returns.
 */
export async function withTemporaryFolder<Result>(
  action: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'grim-compile-'));
  const forget = onExit(
    () => {
      rmSync(folder, removal);
    },
    { alwaysLast: true },
  );
  try {
    return await action(folder);
  } finally {
    await rm(folder, removal);
    forget();
  }
}
