// @ts-check

/**
 * What the inference looks at in one workspace member.
 *
 * @typedef {object} Member
 * @property {string} root path from the workspace root, such as `packages/ir`
 * @property {(path: string) => boolean} has whether a path exists below `root`
 * @property {boolean} isPublished false for members whose `package.json` says `private`
 */

/** Files outside a member that change what compilers and linters say about it. */
const sharedConfiguration = ['{workspaceRoot}/tsconfig.base.json', '{workspaceRoot}/package-lock.json'];

/**
 * Infers the Nx targets of one workspace member.
 *
 * `tsup.config.ts` gives `build`, and `publish-check` when the member is published; `tsconfig.json` gives `typecheck`
 * and `lint`; a `tests` folder (or, in `tools`, folders of tools with tests) gives `test`.
 *
 * @param {Member} member
 * @returns {Record<string, import('@nx/devkit').TargetConfiguration>}
 */
export function inferTargets({ root, has, isPublished }) {
  /** @type {Record<string, import('@nx/devkit').TargetConfiguration>} */
  const targets = {};

  if (has('tsup.config.ts')) {
    targets['build'] = {
      command: 'tsup --silent',
      options: { cwd: root },
      cache: true,
      // Bundles keep other packages external, but declarations are made from their sources.
      inputs: ['production', '^production', '{workspaceRoot}/tsup.base.ts', ...sharedConfiguration],
      outputs: ['{projectRoot}/dist'],
    };
    if (isPublished) {
      targets['publish-check'] = {
        executor: 'nx:run-commands',
        options: {
          cwd: root,
          // `node10` cannot read `exports`, and every Node we support can.
          commands: ['publint --strict', 'attw --pack --profile node16 .'],
          parallel: false,
        },
        cache: true,
        dependsOn: ['build', '^build'],
        inputs: ['production', '^production', ...sharedConfiguration],
      };
    }
  }

  if (has('tsconfig.json')) {
    // Other packages are read from source (`@grim/source`), so a change in them can break this one: `^default`.
    targets['typecheck'] = {
      command: 'tsc -p {projectRoot}/tsconfig.json',
      cache: true,
      inputs: ['default', '^production', ...sharedConfiguration],
    };
    targets['lint'] = {
      command: 'eslint --max-warnings 0 {projectRoot}',
      cache: true,
      inputs: [
        'default',
        '^production',
        '{workspaceRoot}/eslint.config.mjs',
        '{workspaceRoot}/tools/eslint/**/*',
        ...sharedConfiguration,
      ],
    };
  }

  if (has('tests') || root === 'tools') {
    targets['test'] = {
      command: 'vitest run --project unit {projectRoot}/',
      cache: true,
      inputs: ['default', '^production', '{workspaceRoot}/vitest.config.ts', ...sharedConfiguration],
    };
  }

  return targets;
}
