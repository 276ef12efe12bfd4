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
  '{packages/*,tools,benchmarks}/package.json',
  (configurationFiles, _options, context) =>
    configurationFiles.map((file) => {
      const root = dirname(file);
      const absolute = join(context.workspaceRoot, root);
      const manifest = /** @type {{ private?: boolean }} */ (
        JSON.parse(readFileSync(join(absolute, 'package.json'), 'utf8'))
      );
      const targets = inferTargets({
        root,
        has: (path) => existsSync(join(absolute, path)),
        isPublished: manifest.private !== true,
      });
      return [file, { projects: { [root]: { targets } } }];
    }),
];
