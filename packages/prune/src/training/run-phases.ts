import { GrimError } from '@grim/ir';
import { breather } from '../breather.ts';
import { checkFinite, checkGradients, checkLoss, layersOfConstants, refuseAt } from './check-finite.ts';
import { learningRateAt } from './learning-rate.ts';
import type { Phase, Run } from './run.ts';
import { stopwatch } from './stopwatch.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingBatches } from './training-batches.ts';
import type { RunOptions } from './training-options.ts';

/**
 * Runs what is left of the phases of a run.
 *
 * @param save - Called where a checkpoint is due.
 * @throws `GrimError` when a loss, a gradient or a value is not finite, or when an epoch has too few batches.
 */
export async function runPhases<Batch>(
  trainer: Trainer<Batch>,
  batches: TrainingBatches<Batch>,
  run: Run,
  phases: readonly Phase[],
  { onProgress, signal, stepsPerCheckpoint }: RunOptions,
  save: () => Promise<void>,
): Promise<void> {
  const { memory, batchesPerEpoch } = run;
  const layers = layersOfConstants(trainer.graph());
  const stepsOf = ({ epochs }: Phase): number => epochs * batchesPerEpoch;
  const before = (index: number): number =>
    phases.slice(0, index).reduce((sum, phase) => sum + stepsOf(phase), 0);
  const total = before(phases.length);
  const clock = stopwatch(before(memory.phase) + memory.step);
  const breathe = breather();
  // A value that is not finite beforehand would be blamed on the first step.
  checkValues(phases[memory.phase]?.name ?? 'finished', memory.step);

  for (; memory.phase < phases.length; memory.phase++, memory.step = 0) {
    const phase = phases[memory.phase];
    if (!phase) break;
    if (memory.step === 0) {
      // Not later: a run that is resumed here begins the phase, and beginning it twice is not the same as once.
      await stopIfAsked();
      trainer.resetOptimiser();
      phase.begin();
    }
    while (memory.step < stepsOf(phase)) {
      const skipped = memory.step % batchesPerEpoch;
      const index = (before(memory.phase) + memory.step - skipped) / batchesPerEpoch;
      let seen = 0;
      for await (const batch of batches.epoch(index)) {
        if (seen++ < skipped) continue;
        if (memory.step > 0) await stopIfAsked();
        await step(phase, batch);
        if (seen === batchesPerEpoch) break;
      }
      if (seen < batchesPerEpoch) {
        throw new GrimError(`epoch ${index} has ${seen} batches, expected ${batchesPerEpoch}`);
      }
    }
  }

  async function step(phase: Phase, batch: Batch): Promise<void> {
    const steps = stepsOf(phase);
    const position = { phase: phase.name, step: memory.step };
    const learningRate = learningRateAt(phase.learningRate, memory.step / steps, phase.name);
    const { loss, gradients } = await refuseAt(position, () => trainer.lossAndGradients(batch));
    checkLoss(loss, position);
    checkGradients(run.weights, gradients);
    checkFinite('gradient', gradients, position, layers);
    trainer.step(phase.gradients(gradients), learningRate);
    memory.step++;
    memory.lossSum += loss;
    memory.losses++;
    phase.afterStep(memory.step, learningRate);
    checkValues(phase.name, position.step);
    const done = memory.step;
    onProgress?.({
      phase: phase.name,
      epoch: Math.floor(done / batchesPerEpoch),
      epochs: phase.epochs,
      step: done,
      steps,
      loss,
      learningRate,
      secondsLeft: clock.secondsLeft(before(memory.phase) + done, total),
    });
    if (done % (stepsPerCheckpoint ?? batchesPerEpoch) === 0 || done === steps) await save();
    await breathe();
  }

  function checkValues(phase: string, at: number): void {
    const values = [...trainer.parameters].map(([name, { data }]) => [name, data] as const);
    checkFinite('value', values, { phase, step: at }, layers);
  }

  async function stopIfAsked(): Promise<void> {
    if (signal?.aborted !== true) return;
    await save();
    signal.throwIfAborted();
  }
}
