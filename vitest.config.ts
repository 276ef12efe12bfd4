import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests that do not run from source: they have a project, and a time in the check, of their own. */
const others = ['**/*.examples.test.ts', '**/*.packed.test.ts', '**/*.browser.test.ts'];

const conditions = ['@grim/source', 'module', 'node', 'import'];

export default defineConfig({
  test: {
    // By default one processor stays idle, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        // From source: the `@grim/source` condition makes a build unnecessary.
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          name: 'unit',
          include: ['{packages/*,tools/*,benchmarks}/tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/fixtures/**', ...others],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // PoCL compiles kernels slowly, so that what it has compiled is kept: in this workspace, not in the home directory.
          env: {
            POCL_CACHE_DIR:
              process.env['POCL_CACHE_DIR'] ?? join(import.meta.dirname, 'node_modules/.cache/pocl'),
          },
        },
      },
      {
        // The example in each README, as a program of its own.
        test: {
          name: 'examples',
          include: ['tools/readme-examples/tests/*.examples.test.ts'],
          testTimeout: 90_000,
        },
      },
      {
        // What is published: tarballs, installed into a folder of their own. Needs a build.
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          name: 'packed',
          include: ['tools/packed-tests/tests/*.{packed,browser}.test.ts'],
          globalSetup: ['tools/packed-tests/src/install-tarballs.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
