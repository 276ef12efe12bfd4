import { kernelFamilies } from '@grim/kernels';
import type { Row } from '../results/benchmark-result.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { measureKernel } from './families/measure-kernel.ts';
import { summariseFamilies } from './families/summarise-families.ts';
import { randomSource } from './layers/random-floats.ts';
import { progressWithRemainingTime } from './remaining-time.ts';

const full = { rounds: 15, sideMilliseconds: 5 };
const quick = { rounds: 3, sideMilliseconds: 0.5 };

/** Every row of the registry of kernel families, on the problems that the row names. */
export const families: Suite = {
  description:
    'How fast is the kernel of every family alone, beside its plain definition compiled by the engine?',
  run: measure,
};

async function measure({ quick: isQuick, only = /^/, progress }: SuiteContext): Promise<SuiteOutcome> {
  const random = randomSource(1);
  const chosen = kernelFamilies.flatMap(({ name: family, benchmarks }) => {
    const problems = [...benchmarks(random)].filter(({ name }) => only.test(`${family} ${name}`));
    return (isQuick ? problems.slice(0, 1) : problems).map((problem) => ({ family, problem }));
  });
  const step = progressWithRemainingTime(chosen.length, progress);
  const rows: Row[] = [];
  for (const { family, problem } of chosen) {
    step(`${family} ${problem.name}`);
    rows.push(await measureKernel(family, problem, isQuick ? quick : full));
  }
  return { rows, summary: summariseFamilies(rows) };
}
