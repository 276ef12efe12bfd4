import { resolve } from 'node:path';
import { GrimError } from '@grim/ir';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { printResult } from './print-result.ts';
import { readRows } from './results/read-rows.ts';
import { writeResult } from './results/write-result.ts';
import { runSuite } from './run-suite.ts';
import { suites } from './suites.ts';

/** What the command line was told. */
interface Options {
  readonly quick?: boolean;
  readonly only?: RegExp;
  readonly jobs?: number;
  readonly json?: string;
}

async function bench(name: string, options: Options): Promise<void> {
  const load = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (!load) {
    console.error(`there is no suite '${name}'; there are: ${Object.keys(suites).join(', ') || 'none'}`);
    process.exitCode = 2;
    return;
  }
  const suite = await load();
  const file = options.json === undefined ? undefined : resolve(options.json);
  const earlier = file !== undefined && suite.resumes ? readRows(file) : undefined;
  console.error(`${pc.bold(name)}: ${suite.description}`);
  const result = await runSuite(name, suite, {
    quick: options.quick === true,
    ...(options.only && { only: options.only }),
    ...(options.jobs !== undefined && { jobs: options.jobs }),
    ...(earlier && { earlier }),
    ...(file !== undefined && {
      write: (part) => {
        writeResult(file, part);
      },
    }),
    progress: (line) => {
      console.error(pc.dim(line));
    },
  });
  console.log(printResult(result));
  if (file !== undefined) {
    writeResult(file, result);
    console.error(`written: ${file}`);
  }
}

/** What a user can mend is said in one line; anything else is a defect, and shows where. */
function report(error: unknown): void {
  if (!(error instanceof GrimError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

function toPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError('expected a whole number from 1 on');
  return count;
}

await new Command('bench')
  .description('Runs a benchmark suite and prints what it measured.')
  .argument('<suite>', `one of: ${Object.keys(suites).join(', ')}`)
  .option('--quick', 'a short run that only shows that the suite works')
  .option('--only <pattern>', 'only the parts whose name matches, such as "vgg16 conv3"', toPattern)
  .option(
    '--jobs <count>',
    'processes that train at once (accuracy); the number of cores by default',
    toCount,
  )
  .option('--json <file>', 'also write the result, such as benchmarks/results/SUITE.json')
  .action(bench)
  .parseAsync()
  .catch(report);
