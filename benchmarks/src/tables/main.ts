import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { kernelFamilies } from '@grim/kernels';
import { sync as writeFileAtomic } from 'write-file-atomic';
import type { BenchmarkResult } from '../results/benchmark-result.ts';
import { checkResult } from '../results/check-result.ts';
import { rewriteKernelTables, type Snapshot } from './rewrite-kernel-tables.ts';
import { rewriteTables } from './rewrite-tables.ts';

// Writes the tables of every document anew, from `benchmarks/results` and from the registry of kernel families; `--check` only
// says which are stale.
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

const snapshotFolder = join(root, 'packages/codegen-wasm/tests/snapshots');

/** Emitted texts of kernels, linked from a document. */
function snapshotsFor(document: string): Snapshot[] {
  return readdirSync(snapshotFolder)
    .filter((file) => file.endsWith('.wat'))
    .sort()
    .map((file) => ({
      link: relative(dirname(document), join(snapshotFolder, file)).replaceAll('\\', '/'),
      text: readFileSync(join(snapshotFolder, file), 'utf8'),
    }));
}

let stale = 0;
let tables = 0;
for (const file of documents()) {
  const name = relative(root, file);
  const text = readFileSync(file, 'utf8');
  tables += text.match(/<!-- (?:bench|kernels) \S/g)?.length ?? 0;
  try {
    const results = rewriteTables(text, resultOf);
    const rewritten = rewriteKernelTables(results, kernelFamilies, snapshotsFor(file));
    if (rewritten === text) continue;
    stale++;
    if (isCheck) console.error(`${name}: a table is not what it is made from: npm run bench:tables`);
    else writeFileAtomic(file, rewritten);
  } catch (error) {
    stale++;
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
console.log(`tables: ${tables} marked, ${stale} ${isCheck ? 'stale' : 'written'}`);
if (isCheck && stale > 0) process.exitCode = 1;
