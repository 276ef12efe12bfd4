import { resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { checkOutputFile } from './check-output-file.ts';
import { namingFile } from './naming-file.ts';

/**
 * Writes a whole file or nothing: the bytes go to a temporary file beside it, which takes its name at the end and is
 * removed on failure, SIGINT and SIGTERM.
 *
 * @param content - Bytes, or text that is written as UTF-8.
 * @throws GrimError when the file system refuses.
 */
export async function writeOutputFile(file: string, content: Uint8Array | string): Promise<void> {
  const data =
    typeof content === 'string'
      ? content
      : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  // Renaming onto a device or a pipe would replace it. Asked again here, for no caller may forget it.
  await checkOutputFile(file, []);
  await namingFile(file, () => writeFileAtomic(resolve(file), data));
}
