import { defineConfig } from 'vitest/config';

/** Unit tests run from source: the `@grim/source` condition makes a build unnecessary. */
export default defineConfig({
  resolve: { conditions: ['@grim/source', 'module', 'node', 'import'] },
  ssr: { resolve: { conditions: ['@grim/source', 'module', 'node', 'import'] } },
  test: {
    include: ['packages/*/tests/**/*.test.ts', 'tools/*/tests/**/*.test.ts', 'benchmarks/tests/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
