import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { requireToolchainsVariable } from '@grim/toolchains';
import { workspaceRoot } from '../../workspace/src/published-packages.ts';
import { runStages, sumLine } from './run-stages.ts';
import type { StageReport } from './stage.ts';
import { stages } from './stages.ts';

// `npm run check` runs everything; `npm run check -- lint build` only the stages it names.
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`no stage ${unknown.join(', ')}; there are: ${stages.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const logs = join(workspaceRoot, 'tmp/check');
const chosen = stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

function show({ name, ok, seconds, reason, tests }: StageReport): void {
  const showsOutput = stages.some((stage) => stage.name === name && stage.showsOutput === true);
  const counts = tests ? `, ${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped` : '';
  console.log(
    `${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s${counts})${ok ? '' : `: ${reason ?? ''}`}`,
  );
  if ((!ok && seconds > 0) || showsOutput) {
    const log = readFileSync(join(logs, `${name}.log`), 'utf8').trimEnd();
    console.log(log.replaceAll(/^/gm, '  | '));
  }
}

const start = performance.now();
const reports = await runStages(
  chosen,
  { root: workspaceRoot, logs, refusesSkipped: process.env[requireToolchainsVariable] === '1' },
  show,
);

console.log(`\n${((performance.now() - start) / 1000).toFixed(0)} s in all; the slowest:`);
for (const { name, seconds, slowFiles } of [...reports].sort((a, b) => b.seconds - a.seconds).slice(0, 4)) {
  console.log(`  ${seconds.toFixed(1).padStart(6)} s ${name}`);
  for (const [file, fileSeconds] of slowFiles ?? []) {
    if (fileSeconds >= 1)
      console.log(`  ${fileSeconds.toFixed(1).padStart(6)} s   ${relative(workspaceRoot, file)}`);
  }
}
const failedStages = reports.filter(({ ok }) => !ok).map(({ name }) => name);
console.log(failedStages.length === 0 ? 'every stage is ok' : `failed stages: ${failedStages.join(', ')}`);
console.log(sumLine(reports));
process.exitCode = failedStages.length === 0 ? 0 : 1;
