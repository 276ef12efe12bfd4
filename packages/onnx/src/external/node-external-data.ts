import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { GrimError } from '@grim/ir';
import { checkLocation, type ExternalDataReader } from '../model/external-data.ts';

/*
 * A model names the files its weights are in, so a hostile one can name any file. ONNX itself was patched again and
 * again for reading outside the model's folder: `..` at the start of a path (CVE-2022-25882) and inside it
 * (CVE-2024-27318), a folder on the way that is a symbolic link (CVE-2026-27489), a file that is one (CVE-2026-34447),
 * a hard link (CVE-2026-34446), and sparse tensors that skipped the check. Here every part of the path is looked at,
 * nothing that is a link is followed, a file that also has a name elsewhere is not read, and all tensors come through
 * this one reader.
 */

/**
 * Reads external data from files beside a model.
 *
 * Only regular files inside the model's folder, or folders in it, are read: no path that leads out, no symbolic link
 * anywhere below that folder, no file with more than one hard link. Offset and length are checked against the size of
 * the file before memory is allocated.
 *
 * @param modelPath - path of the `.onnx` file
 * @returns the reader to give as `readExternal` to `importOnnx`
 * @throws GrimError when the model's folder does not exist; the reader throws it for every file it does not read.
 */
export function nodeExternalData(modelPath: string): ExternalDataReader {
  const folder = naming(modelPath, () => realpathSync(dirname(resolve(modelPath))));
  return ({ location, offset, length }) =>
    naming(location, () => {
      checkLocation(location);
      const path = join(folder, ...location.split('/'));
      const file = checkPath(folder, path, location);
      return readPart(path, file, location, offset, length);
    });
}

/** What identifies a file whatever it is called. */
interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

function checkPath(folder: string, path: string, location: string): FileIdentity {
  const steps = relative(folder, path).split(sep);
  let at = folder;
  let last: FileIdentity = { dev: 0n, ino: 0n };
  steps.forEach((step, position) => {
    at = join(at, step);
    const status = lstatSync(at, { bigint: true });
    if (status.isSymbolicLink()) throw refusal(location, 'leads through a symbolic link');
    const isLast = position === steps.length - 1;
    if (isLast ? !status.isFile() : !status.isDirectory()) throw refusal(location, 'is not a regular file');
    last = status;
  });
  const inside = relative(folder, realpathSync(path));
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw refusal(location, "is outside the model's folder");
  }
  return last;
}

function readPart(
  path: string,
  expected: FileIdentity,
  location: string,
  offset: number,
  length: number,
): Uint8Array {
  // Not blocking: whatever took the place of the file since it was looked at must not hold up the import.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(descriptor, { bigint: true });
    if (!status.isFile() || status.ino !== expected.ino || status.dev !== expected.dev) {
      throw refusal(location, 'was exchanged while it was opened');
    }
    if (status.nlink !== 1n) throw refusal(location, `has ${status.nlink} hard links`);
    if (!isByteCount(offset) || !isByteCount(length) || BigInt(offset) + BigInt(length) > status.size) {
      throw new GrimError(
        `external data ${location} has ${status.size} bytes, but ${length} are needed from byte ${offset}`,
      );
    }
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const count = readSync(descriptor, bytes, done, length - done, offset + done);
      if (count === 0) throw refusal(location, 'became shorter while it was read');
      done += count;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

function isByteCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function refusal(location: string, reason: string): GrimError {
  return new GrimError(`external data ${location} ${reason}, so it is not read`);
}

/** Runs `action`; what the system reports about a file becomes an error about `name`. */
function naming<T>(name: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof GrimError || !(error instanceof Error && 'code' in error)) throw error;
    throw new GrimError(`cannot read external data ${name}: ${String(error.code)}`);
  }
}
