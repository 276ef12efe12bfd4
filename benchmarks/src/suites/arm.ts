import { canCountInstructions } from '@grim/tools/count-instructions';
import type { Row } from '../results/benchmark-result.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { armCompilers } from './arm/arm-compilers.ts';
import { armLayers } from './arm/arm-layers.ts';
import { countLayer } from './arm/count-layer.ts';
import { describePruning } from './arm/describe-pruning.ts';
import { summariseArm } from './arm/summarise-arm.ts';
import { measureXnnpack } from './arm/xnnpack/measure-xnnpack.ts';
import { xnnpackProgram, type XnnpackProgram } from './arm/xnnpack/xnnpack-program.ts';
import { progressWithRemainingTime } from './remaining-time.ts';

/** Layers that a quick run counts: those of the summary. */
const quickLayers = armLayers.filter(({ key }) => key !== undefined);

/** Instructions instead of times: there is no AArch64 processor to measure on, but every one executes as many. */
export const arm: Suite = {
  description: 'How many instructions does C with NEON execute for a multiply-add, beside XNNPACK?',
  run: measure,
};

async function measure({ quick, only = /^/, progress }: SuiteContext): Promise<SuiteOutcome> {
  const compilers = armCompilers();
  if (compilers.length === 0 || !canCountInstructions()) {
    throw new Error('compilers for AArch64 or their emulator are missing: npm run toolchains');
  }
  const chosen = (quick ? quickLayers : armLayers).filter(({ shape }) => only.test(shape.name));
  const step = progressWithRemainingTime(chosen.length, progress);
  const rows: Row[] = [];
  for (const layer of chosen) {
    step(`${layer.shape.name}, ${describePruning(layer.pruning)}`);
    rows.push(...(await countLayer(layer, compilers)));
  }
  const xnnpack = only.test('XNNPACK') ? xnnpackOrReason() : undefined;
  if (typeof xnnpack === 'string') progress(`not compared with XNNPACK: ${xnnpack}`);
  else if (xnnpack) {
    progress('XNNPACK');
    rows.push(...(await measureXnnpack(xnnpack)));
  }
  return { rows, summary: summariseArm(rows) };
}

/** XNNPACK, or why there is none: everything else stands without it. */
function xnnpackOrReason(): XnnpackProgram | string {
  try {
    return xnnpackProgram();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
