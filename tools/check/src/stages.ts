import type { Stage } from './stage.ts';

const node = [process.execPath, '--import', './tools/typescript/src/register.mjs'];

/** For programs that import packages of the workspace: their sources, so that nothing has to be built. */
const fromSource = [process.execPath, '--conditions=@grim/source', ...node.slice(1)];

/** Everything that has to hold before a change goes in, in the order it runs: the quick and the likely first. */
export const stages: readonly Stage[] = [
  {
    name: 'toolchains',
    commands: [[...node, 'tools/toolchains/src/main.ts']],
    showsOutput: true,
  },
  { name: 'format', commands: [['prettier', '--check', '.']] },
  {
    name: 'lint',
    commands: [
      ['nx', 'run-many', '-t', 'lint'],
      ['eslint', '--max-warnings', '0', '*.ts', '*.mjs'],
    ],
  },
  {
    name: 'typecheck',
    commands: [
      ['nx', 'run-many', '-t', 'typecheck'],
      ['tsc', '-p', 'tsconfig.json'],
    ],
  },
  { name: 'schemas', commands: [[...node, 'tools/proto/src/main.ts', '--check']] },
  { name: 'docstrings', commands: [[...node, 'tools/docstrings/src/main.ts']] },
  { name: 'unit-tests', commands: [['vitest', 'run', '--project', 'unit']], countsTests: true },
  { name: 'readme-examples', commands: [['vitest', 'run', '--project', 'examples']], countsTests: true },
  { name: 'build', commands: [['nx', 'run-many', '-t', 'build']] },
  { name: 'publish-check', commands: [['nx', 'run-many', '-t', 'publish-check']], needs: 'build' },
  { name: 'size-budgets', commands: [[...node, 'tools/size-budgets/src/main.ts']], needs: 'build' },
  {
    name: 'packed-tests',
    commands: [['vitest', 'run', '--project', 'packed']],
    countsTests: true,
    needs: 'build',
  },
  { name: 'release', commands: [['nx', 'release', 'patch', '--dry-run', '--skip-publish']] },
  {
    name: 'bench-tables',
    commands: [[...fromSource, 'benchmarks/src/tables/main.ts', '--check']],
  },
];
