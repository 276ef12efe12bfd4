import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { publishedPackages } from '../../workspace/src/published-packages.ts';
import { generate, staleFiles } from './stale-files.ts';

// `--check` compares the committed TypeScript with the schemas; without it the TypeScript is written anew.
const isCheck = process.argv.includes('--check');
const packages = publishedPackages().filter(({ path }) => existsSync(join(path, 'buf.gen.yaml')));
let staleCount = 0;

for (const { folder, path } of packages) {
  if (!isCheck) {
    generate(path);
    continue;
  }
  for (const file of staleFiles(path)) {
    staleCount++;
    console.error(`packages/${folder}/${file} is not what the schema gives: npm run proto`);
  }
}
console.log(`proto: ${packages.length} schemas, ${isCheck ? `${staleCount} stale files` : 'generated'}`);
process.exitCode = staleCount === 0 ? 0 : 1;
