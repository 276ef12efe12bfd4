import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { countTests, slowestFiles, type VitestReport } from './read-test-report.ts';
import type { Stage, StageReport } from './stage.ts';

/** Where and how strictly stages run. */
export interface StageContext {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of a folder for logs and reports. */
  readonly logs: string;
  /** Whether a skipped test is a failure, as in continuous integration. */
  readonly refusesSkipped: boolean;
}

/** Runs the commands of a stage; what they print goes to `NAME.log`. */
export async function runStage(stage: Stage, context: StageContext): Promise<StageReport> {
  const { root, logs } = context;
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(join(logs, `${stage.name}.log`));
  const reportFile = join(logs, `${stage.name}.json`);
  rmSync(reportFile, { force: true });

  const start = performance.now();
  let failedCommand: string | undefined;
  for (const command of stage.commands) {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const code = await runCommand([...command, ...(stage.countsTests ? reporters : [])], root, log);
    if (code !== 0) {
      failedCommand = `${command.join(' ')} ended with ${code}`;
      break;
    }
  }
  log.end();
  await finished(log);

  const report: StageReport = {
    name: stage.name,
    ok: failedCommand === undefined,
    seconds: (performance.now() - start) / 1000,
    ...(failedCommand !== undefined && { reason: failedCommand }),
  };
  return stage.countsTests ? withTests(report, reportFile, context.refusesSkipped) : report;
}

/** Adds the counts of a test report; a suite that left none, ran none, or skipped what it must not, has failed. */
function withTests(report: StageReport, reportFile: string, refusesSkipped: boolean): StageReport {
  if (!existsSync(reportFile)) return { ...report, ok: false, reason: report.reason ?? 'no test report' };
  const vitestReport = JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport;
  const tests = countTests(vitestReport);
  const complete = { ...report, tests, slowFiles: slowestFiles(vitestReport, 5) };
  if (tests.failed > 0) return { ...complete, ok: false, reason: `${tests.failed} tests failed` };
  if (tests.passed === 0) return { ...complete, ok: false, reason: report.reason ?? 'no test ran' };
  if (refusesSkipped && tests.skipped > 0) {
    return { ...complete, ok: false, reason: `${tests.skipped} tests skipped` };
  }
  return complete;
}

async function runCommand(
  command: readonly string[],
  root: string,
  log: NodeJS.WritableStream,
): Promise<number> {
  const [program = '', ...parameters] = command;
  const child = spawn(program, parameters, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      NO_COLOR: '1',
    },
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      log.write(`${error.message}\n`);
      resolve(127);
    });
    child.on('close', (code, signal) => {
      if (signal !== null) log.write(`ended by ${signal}\n`);
      resolve(code ?? 1);
    });
  });
}
