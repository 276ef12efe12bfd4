import { relative } from 'node:path';
import { publishedPackages, sourceEntries, workspaceRoot } from '../../workspace/src/published-packages.ts';
import { findProblems } from './find-problems.ts';

const entries = publishedPackages().flatMap((published) => sourceEntries(published).map(([, file]) => file));
const problems = findProblems(`${workspaceRoot}/tsconfig.base.json`, entries);

for (const { file, line, message } of problems) {
  console.error(`${relative(workspaceRoot, file)}:${line}: ${message}`);
}
console.log(`docstrings: ${entries.length} entry points, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
