// @ts-check
// Nx loads this file with plain `node`, which on Node 20 cannot read TypeScript: hence JavaScript with checked types.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inferTargets } from './infer-targets.mjs';

/** Name under which Nx reports the inferred targets. */
export const name = 'grim-targets';

/**
 * Gives each workspace member its targets from the files it holds, so that no package carries a `project.json`.
 *
 * @type {import('@nx/devkit').CreateNodesV2}
 */
export const createNodesV2 = [
  '{packages/*,tools,tools/toolchains,benchmarks}/package.json',
  (configurationFiles, _options, context) =>
    configurationFiles.map((file) => {
      const root = dirname(file);
      const absolute = join(context.workspaceRoot, root);
      const isPublished = !isPrivate(join(absolute, 'package.json'));
      const targets = inferTargets({
        root,
        has: (path) => existsSync(join(absolute, path)),
        isPublished,
      });
      return [file, { projects: { [root]: { targets } } }];
    }),
];

/**
 * Whether a `package.json` says that it is not for the registry.
 *
 * @param {string} file
 */
function isPrivate(file) {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  return (
    typeof manifest === 'object' && manifest !== null && 'private' in manifest && manifest.private === true
  );
}
