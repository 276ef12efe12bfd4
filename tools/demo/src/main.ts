import { join } from 'node:path';
import { GrimError } from '@grim/ir';
import { workspaceRoot } from '../../workspace/src/published-packages.ts';
import { parseArguments, usage } from './parse-arguments.ts';
import { printReport } from './print-report.ts';
import { createProgress } from './progress.ts';
import { runDemo, stepCount } from './run-demo.ts';

/** Runs the demo; the exit code is 2 when what was given is at fault. */
async function main(): Promise<void> {
  // npm runs scripts in the root of the workspace; paths are meant relative to where the user is.
  const options = parseArguments(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
  if (options.help) {
    console.log(usage);
    return;
  }
  const progress = createProgress(stepCount);
  try {
    const report = await runDemo({
      ...(options.wav !== undefined && { wav: options.wav }),
      out: options.out ?? join(workspaceRoot, 'tmp/demo'),
      progress,
    });
    progress.end();
    console.log(options.json ? JSON.stringify(report, null, 2) : printReport(report));
  } finally {
    progress.end();
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof GrimError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
