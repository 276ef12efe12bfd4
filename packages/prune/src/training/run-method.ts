import { GrimError, type Graph } from '@grim/ir';
import type { Selection } from '../prune-weights.ts';
import { maskKey, energyKey } from './retraining.ts';
import type { Pattern } from './projection.ts';
import { recordBlocks, recordElements, type FinalMask } from './record-masks.ts';
import { freshMemory, kept, type Phase, type Run } from './run.ts';
import { runPhases } from './run-phases.ts';
import { memoryOf, restoreTrainer, stateOf, type Settings } from './state-of-run.ts';
import { trainedWeights, weightsLeftDense } from './trained-weights.ts';
import type { TrainedPruning } from './trained-pruning.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingBatches } from './training-batches.ts';
import type { RunOptions } from './training-options.ts';

/** What makes a method of pruning with training. */
export interface Method {
  readonly name: string;
  readonly pattern: Pattern;
  /** The weights it is about, in the graph of the trainer. */
  readonly select: (graph: Graph) => Selection;
  /** Whether it chooses masks, and so may leave weights dense that would not get smaller. */
  readonly choosesMasks: boolean;
  readonly phases: (run: Run) => readonly Phase[];
  /** What a checkpoint has to agree with. */
  readonly settings: Settings;
}

/** Trains and prunes by a method, from the beginning or from a checkpoint, and records what came of it. */
export async function runMethod<Batch>(
  trainer: Trainer<Batch>,
  batches: TrainingBatches<Batch>,
  method: Method,
  options: RunOptions,
): Promise<TrainedPruning> {
  const { batchesPerEpoch } = batches;
  checkCount('batchesPerEpoch', batchesPerEpoch, 1);
  if (options.stepsPerCheckpoint !== undefined)
    checkCount('stepsPerCheckpoint', options.stepsPerCheckpoint, 1);
  const selection = method.select(trainer.graph());
  const { resume } = options;
  const settings = { method: method.name, batchesPerEpoch, ...method.settings };
  const memory = resume ? memoryOf(trainer, settings, resume) : freshMemory();
  const selected = trainedWeights(trainer, selection, method.pattern);
  // The values of a resumed run are those of its checkpoint, and so is what is decided by them.
  if (!resume && method.choosesMasks) {
    for (const [name, reason] of weightsLeftDense(selected, method.pattern)) memory.dense.set(name, reason);
  }
  const weights = selected.filter(({ name }) => !memory.dense.has(name));
  const run: Run = { weights, batchesPerEpoch, memory };
  const phases = method.phases(run);
  for (const { name, epochs } of phases) checkCount(`epochs of phase ${name}`, epochs, 0);
  if (resume) {
    checkPosition(run, phases);
    restoreTrainer(trainer, resume);
  }

  await runPhases(trainer, batches, run, phases, options, async () => {
    await options.onCheckpoint?.(stateOf(trainer, memory, settings));
  });

  const masks = finalMasks(run);
  const record = method.pattern === 'bcr' ? recordBlocks : recordElements;
  const graph = trainer.graph();
  const final = withoutDense(method.select(graph), memory.dense);
  return {
    masks: new Map([...masks].map(([name, { mask }]) => [name, mask])),
    ...record(graph, final, masks),
    trace: memory.trace,
  };
}

/**
 * Refuses a number that is no count.
 *
 * @throws `GrimError` naming the option.
 */
export function checkCount(option: string, count: number, least: number): void {
  if (Number.isSafeInteger(count) && count >= least) return;
  throw new GrimError(`${option} must be a whole number of ${least} or more, got ${count}`);
}

/** Refuses a place that the phases do not have. */
function checkPosition({ memory, batchesPerEpoch }: Run, phases: readonly Phase[]): void {
  const { phase, step } = memory;
  const steps = (phases[phase]?.epochs ?? 0) * batchesPerEpoch;
  if (phase <= phases.length && step <= steps) return;
  const name = phases[phase]?.name ?? `phase ${phase} of ${phases.length}`;
  throw new GrimError(`the checkpoint is at step ${step} of ${name}, which has ${steps} steps`);
}

function finalMasks(run: Run): Map<string, FinalMask> {
  return new Map(
    run.weights.map((weight): [string, FinalMask] => {
      const mask = Uint8Array.from(kept(run, maskKey, weight));
      return [weight.name, { mask, keptEnergy: run.memory.numbers.get(energyKey(weight)) ?? 1 }];
    }),
  );
}

function withoutDense(selection: Selection, dense: ReadonlyMap<string, string>): Selection {
  const reasons = new Map(selection.reasons);
  const assigned = selection.assigned.filter(({ uses }) => {
    const reason = dense.get(uses[0].value);
    if (reason === undefined) return true;
    for (const use of uses) reasons.set(use, reason);
    return false;
  });
  return { ...selection, assigned, reasons };
}
