import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import tsdoc from 'eslint-plugin-tsdoc';
import tseslint from 'typescript-eslint';
import { layerConstraints, portablePackages } from './tools/eslint/src/layers.mjs';

const globalsOfOneHost = [
  'process',
  'Buffer',
  'global',
  '__dirname',
  '__filename',
  'window',
  'document',
  'navigator',
];

export default defineConfig(
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      '**/tmp/**',
      '**/.nx/**',
      // Written by generators from a schema, committed and compared by the check.
      '**/gen/**',
      '**/generated/**',
      // What was emitted, compared by the tests.
      '**/tests/snapshots/**',
      // Programs that are wrong on purpose, for the tests of the tools.
      'tools/*/tests/fixtures/**',
      'packages/*/tests/types/**',
      // Programs of a user, written against installed tarballs.
      'tools/packed-tests/consumers/**',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx, tsdoc },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: layerConstraints },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Name what a file exports; no default exports.' },
      ],
      'tsdoc/syntax': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // The tools that read these files want a default export, and they sit above the layers.
    files: ['*.ts', '*.mjs', '**/tsup.config.ts', '**/vitest.config.ts'],
    rules: { 'no-restricted-syntax': 'off', '@nx/enforce-module-boundaries': 'off' },
  },
  {
    files: portablePackages.map((name) => `packages/${name}/src/**/*.ts`),
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'This package runs in pages.' }] },
      ],
      'no-restricted-globals': ['error', ...globalsOfOneHost],
    },
  },
  {
    files: ['**/tests/**/*.ts'],
    rules: {
      // `expect(spy).toHaveBeenCalled` and matchers read methods without calling them.
      '@typescript-eslint/unbound-method': 'off',
      // Tests ship nothing, so they may compare with any layer that does not need theirs: cycles are still refused.
      '@nx/enforce-module-boundaries': [
        'error',
        {
          // A test may import its own package by name, as a user does.
          allowCircularSelfDependency: true,
          depConstraints: [{ sourceTag: '*', onlyDependOnLibsWithTags: ['*'] }],
        },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off', 'tsdoc/syntax': 'off' },
  },
  {
    // ts-morph's node classes extend one another through declarations, which the rule takes for unrelated classes.
    files: ['tools/docstrings/src/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  prettier,
);
