/** What the common error codes of a file system mean. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'is a folder',
  ELOOP: 'leads through too many symbolic links',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'does not exist',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'leads through something that is no folder',
  EPERM: 'is not permitted',
  EROFS: 'the file system is read-only',
  ERR_FS_FILE_TOO_LARGE: 'is larger than 2 GiB',
  ERR_INVALID_ARG_VALUE: 'is not a path',
};

/** What an error of the file system says in words; `undefined` for errors of other origin. */
export function systemErrorText(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return meanings[error.code] ?? ('syscall' in error ? `fails with ${error.code}` : undefined);
}
