import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ESLint } from 'eslint';
import { beforeAll, expect, test } from 'vitest';
import { layers } from '../src/layers.mjs';

const root = join(import.meta.dirname, '../../..');
const rule = '@nx/enforce-module-boundaries';

/** The rule says nothing when Nx has no project graph in its cache, so the graph is made first. */
beforeAll(async () => {
  const graph = join(await mkdtemp(join(root, 'node_modules/.cache-graph-')), 'graph.json');
  await promisify(execFile)('npx', ['nx', 'graph', `--file=${graph}`], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  await rm(join(graph, '..'), { recursive: true });
});

/** What the rule says about a file of `importer`'s sources that imports `imported`. */
async function violations(importer: string, imported: string): Promise<string[]> {
  const eslint = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => ruleId === rule });
  const [result] = await eslint.lintText(`export * from '@grim/${imported}';\n`, {
    filePath: join(root, 'packages', importer, 'src/index.ts'),
  });
  return (result?.messages ?? []).map(({ message }) => message);
}

test.each([
  ['ir', 'runtime'],
  ['kernels', 'codegen-wasm'],
  ['kernels', 'codegen-neon'],
  ['codegen-neon', 'codegen-wasm'],
  ['codegen-c', 'codegen-neon'],
  ['codegen-opencl', 'codegen-neon'],
  ['bcr', 'ir'],
  ['onnx', 'prune'],
  ['prune', 'kernels'],
  ['prune', 'training'],
  ['runtime', 'onnx'],
  ['speech', 'codegen-wasm'],
])('%s may not import %s', async (importer, imported) => {
  // Where the imported package, or a test of it, needs the importer, the cycle is named instead of the layer.
  const reason = new RegExp(`"layer:${importer}"|^Circular dependency between "@grim/${importer}"`);
  expect(await violations(importer, imported)).toEqual([expect.stringMatching(reason)]);
});

test.each([
  ['onnx', 'ir'],
  ['kernels', 'bcr'],
  ['speech', 'runtime'],
  ['training', 'prune'],
  ['tuner', 'codegen-wasm'],
  ['tuner', 'codegen-neon'],
  ['codegen-neon', 'codegen-c'],
])('%s may import %s', async (importer, imported) => {
  expect(await violations(importer, imported)).toEqual([]);
});

test('every package has the one layer tag that the table knows', async () => {
  for (const folder of await readdir(join(root, 'packages'))) {
    const manifest = JSON.parse(await readFile(join(root, 'packages', folder, 'package.json'), 'utf8')) as {
      nx?: { tags?: string[] };
    };
    expect(manifest.nx?.tags, folder).toEqual([`layer:${folder}`]);
    expect(layers).toHaveProperty([folder]);
  }
});
