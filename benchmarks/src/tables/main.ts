import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import type { BenchmarkResult } from '../results/benchmark-result.ts';
import { checkResult } from '../results/check-result.ts';
import { rewriteTables } from './rewrite-tables.ts';

// Writes the tables of every document anew from `benchmarks/results`; `--check` only says which are stale.
const root = join(import.meta.dirname, '../../..');
const isCheck = process.argv.includes('--check');

function resultOf(suite: string): BenchmarkResult | undefined {
  const file = join(root, 'benchmarks/results', `${suite}.json`);
  return existsSync(file)
    ? checkResult(JSON.parse(readFileSync(file, 'utf8')) as BenchmarkResult)
    : undefined;
}

/** Every document that may hold tables: READMEs and the documentation. */
function documents(): string[] {
  const members = readdirSync(join(root, 'packages')).map((folder) => join(root, 'packages', folder));
  const readmes = [root, join(root, 'benchmarks'), ...members].map((folder) => join(folder, 'README.md'));
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(root, 'docs', file));
  return [...readmes.filter((file) => existsSync(file)), ...pages.sort()];
}

let stale = 0;
let tables = 0;
for (const file of documents()) {
  const name = relative(root, file);
  const text = readFileSync(file, 'utf8');
  tables += text.match(/<!-- bench \S/g)?.length ?? 0;
  try {
    const rewritten = rewriteTables(text, resultOf);
    if (rewritten === text) continue;
    stale++;
    if (isCheck) console.error(`${name}: a table differs from its result: npm run bench:tables`);
    else writeFileAtomic(file, rewritten);
  } catch (error) {
    stale++;
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
console.log(`bench tables: ${tables} marked, ${stale} ${isCheck ? 'stale' : 'written'}`);
if (isCheck && stale > 0) process.exitCode = 1;
