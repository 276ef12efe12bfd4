import type { TrainingSummary } from '../../prune/training/prune-by-training.ts';
import { formatShare } from './format.ts';
import { labelled } from './lines.ts';

/** How a network was trained while it was pruned, for people. */
export function renderTraining(training: TrainingSummary): string {
  const { objective, examples, validationExamples, epochs, dense, pruned, resumedFrom } = training;
  const score = ({ loss, accuracy }: TrainingSummary['dense']): string =>
    `loss ${loss.toPrecision(3)}${accuracy === null ? '' : `, ${formatShare(accuracy, 1)} right`}`;
  const what = objective === 'distillation' ? 'to say what the dense network says' : 'to say the labels';
  return labelled([
    ['trained', `${what}, ${epochs} epochs on ${examples} examples`],
    ...(resumedFrom === null ? [] : ([['resumed', `after ${resumedFrom} steps of an earlier run`]] as const)),
    ['dense', `${score(dense)} on ${validationExamples} others`],
    ['pruned', `${score(pruned)} on the same`],
  ]);
}
