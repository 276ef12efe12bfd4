import type { Provenance } from '@grim/ir';
import { version } from '../version.ts';

/** Where a model comes from, for people. */
export function originText({ sourceFile, sourceSha256 }: Provenance): string {
  const source = sourceFile === undefined ? '' : ` from ${sourceFile}`;
  const digest = sourceSha256 === undefined ? '' : ` (SHA-256 ${sourceSha256})`;
  return `grim ${version}${source}${digest}`;
}
