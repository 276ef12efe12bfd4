import type { Provenance } from '@grim/ir';
import { parseObject } from '../model/recorded-settings.ts';
import { isTraining, type PruneSettings } from './prune-settings.ts';
import type { TrainingSummary } from './training/prune-by-training.ts';

/** Name under which pruning is kept in the provenance of a file. */
export const pruneOption = 'prune';

/**
 * Pruning as text for the provenance; one JSON object per time that the model was pruned, line by line. A method that trains adds under
 * `training` how, and what both networks were worth on the examples that were held out.
 */
export function recordPruning(
  provenance: Provenance,
  settings: PruneSettings,
  summary?: TrainingSummary,
): string {
  const earlier = provenance.options[pruneOption];
  const training = summary && withoutCourse(summary);
  return [...(earlier === undefined ? [] : [earlier]), JSON.stringify({ ...settings, training })].join('\n');
}

/** A run that was taken up again writes the same file as one that was not. */
function withoutCourse({ resumedFrom: _resumed, trace: _trace, ...summary }: TrainingSummary) {
  return summary;
}

/** How a file was pruned, in order; empty when it was not, or when what is written there was not written by this command. */
export function recordedPruning({ options }: Provenance): PruneSettings[] {
  const lines = options[pruneOption]?.split('\n') ?? [];
  const settings = lines.map((line): unknown => parseObject(line));
  return settings.every(isPruneSettings) ? settings : [];
}

/** Whether a value has the types of settings. The pruner checks what they say. */
function isPruneSettings(value: unknown): value is PruneSettings {
  if (!isObject(value)) return false;
  const { method, rate, rateOf, block, split, layers, exclude, minimumParameters, keepDiagonal } = value;
  const { cutInputs } = value;
  return (
    (method === 'magnitude' || method === 'reconstruct' || isTraining(method)) &&
    (split === 'columns' || split === 'rows' || split === 'both') &&
    isPerLayer(rate, isNumber) &&
    (rateOf === undefined || rateOf === 'model' || rateOf === 'weight') &&
    isPerLayer(block, isBlock) &&
    [layers, exclude].every((patterns) => patterns === undefined || isStrings(patterns)) &&
    (minimumParameters === undefined || isNumber(minimumParameters)) &&
    [keepDiagonal, cutInputs].every((flag) => flag === undefined || typeof flag === 'boolean')
  );
}

function isPerLayer(value: unknown, isValue: (value: unknown) => boolean): boolean {
  return isValue(value) || (isObject(value) && Object.values(value).every(isValue));
}

function isBlock(value: unknown): boolean {
  return isObject(value) && [value['rows'], value['columns']].every(isExtent);
}

function isExtent(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
