import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { GrimError } from '@grim/ir';
import { namingFile } from './naming-file.ts';

/**
 * The bytes of a regular file. Devices and pipes are refused, because they may have no end.
 *
 * @throws GrimError naming the file and what is wrong with it.
 */
export async function readInputFile(file: string): Promise<Uint8Array> {
  return namingFile(file, async () => {
    // Not blocking: opening a pipe would wait for a writer.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = await handle.stat();
      if (status.isDirectory()) throw new GrimError('is a folder, not a file');
      if (!status.isFile()) throw new GrimError('is not a regular file');
      const bytes = await handle.readFile();
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    } finally {
      await handle.close();
    }
  });
}
