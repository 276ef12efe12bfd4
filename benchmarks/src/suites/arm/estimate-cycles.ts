import { spawnSync } from 'node:child_process';
import { requireToolchain } from '@grim/toolchains';

/** Models of processors that the estimate knows, in the order of columns. */
export const processorModels = ['cortex-a55', 'neoverse-n1', 'apple-m1'] as const;

/** Name of a model of a processor. */
export type ProcessorModel = (typeof processorModels)[number];

const TURNS = 200;

/**
 * Cycles of one turn of a loop by llvm-mca: a static model of a processor without caches or mispredicted branches, so an estimate of
 * what is possible and not a measurement.
 *
 * @param lines - Instructions of the loop.
 * @returns Nothing where llvm-mca is not installed.
 */
export function estimateCycles(lines: readonly string[], model: ProcessorModel): number | undefined {
  const program = requireToolchain('llvmMca');
  if (program === undefined) return undefined;
  const { status, stdout, stderr, error } = spawnSync(
    program,
    ['-mtriple=aarch64', `-mcpu=${model}`, `-iterations=${String(TURNS)}`, '-json'],
    { input: `${lines.join('\n')}\n`, encoding: 'utf8' },
  );
  if (error) throw error;
  if (status !== 0) throw new Error(`llvm-mca: ${stderr}`);
  const report = JSON.parse(stdout) as {
    CodeRegions?: { SummaryView?: { TotalCycles?: number; Iterations?: number } }[];
  };
  const { TotalCycles: cycles, Iterations: turns } = report.CodeRegions?.[0]?.SummaryView ?? {};
  if (cycles === undefined || turns !== TURNS) throw new Error('llvm-mca reports no cycles');
  return cycles / turns;
}
