import { formatShape, GrimError, sameShape, type Tensor } from '@grim/ir';
import { learningRateAt, type LearningRate } from './learning-rate.ts';
import type { RunMemory } from './run.ts';
import type { TraceEntry } from './trained-pruning.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingState } from './training-state.ts';

/** Settings of a run by name, as JSON has them. */
export type Settings = Readonly<Record<string, unknown>>;

type Remembered = Pick<Trainer<unknown>, 'memory' | 'parameters'>;

/** Version of what is in a state. */
const format = 1;

/** Fractions of a phase at which functions of learning rates are compared: functions that differ only between them pass for one. */
const compared = Array.from({ length: 64 }, (_, index) => index / 64);

/** A copy of all that a run needs to go on. */
export function stateOf(trainer: Remembered, memory: RunMemory, settings: Settings): TrainingState {
  const tensors = new Map<string, Tensor>();
  const ofMethod = [...memory.tensors].map(([name, tensor]): [string, Tensor] => [`method/${name}`, tensor]);
  for (const [key, { shape, data }] of [...rememberedBy(trainer), ...ofMethod]) {
    tensors.set(key, { shape, data: data.slice() });
  }
  const { phase, step, lossSum, losses, trace, numbers, dense } = memory;
  return {
    tensors,
    json: {
      format,
      settings,
      phase,
      step,
      lossSum,
      losses,
      trace: [...trace],
      numbers: Object.fromEntries(numbers),
      dense: Object.fromEntries(dense),
    },
  };
}

/**
 * The memory of a run that goes on from a state. The trainer stays as it is until {@link restoreTrainer}.
 *
 * @throws `GrimError` naming what the state does not fit, or what is wrong with it.
 */
export function memoryOf(
  trainer: Remembered,
  settings: Settings,
  { tensors, json }: TrainingState,
): RunMemory {
  if (json['format'] !== format) {
    throw new GrimError(`the checkpoint is of format ${textOf(json['format'])}, expected ${format}`);
  }
  checkSettings(settings, record(json, 'settings'));
  const left = new Map(tensors);
  for (const [key, tensor] of rememberedBy(trainer)) {
    checkTensor(key.replace('/', ' '), tensor, tensors.get(key));
    left.delete(key);
  }
  const { trace } = json;
  if (!Array.isArray(trace)) throw new GrimError('the checkpoint has no trace');
  const memory: RunMemory = {
    phase: count(json, 'phase'),
    step: count(json, 'step'),
    lossSum: number(json['lossSum'], 'lossSum'),
    losses: count(json, 'losses'),
    trace: [...(trace as TraceEntry[])],
    tensors: new Map(),
    numbers: new Map(
      Object.entries(record(json, 'numbers')).map(([name, value]) => [name, number(value, name)]),
    ),
    dense: new Map(Object.entries(record(json, 'dense')).map(([name, reason]) => [name, textOf(reason)])),
  };
  for (const [key, { shape, data }] of left) {
    if (!key.startsWith('method/')) {
      throw new GrimError(`the checkpoint holds ${key}, which the trainer does not know`);
    }
    memory.tensors.set(key.slice('method/'.length), { shape, data: data.slice() });
  }
  return memory;
}

/** Puts a trainer where it was; the state is one that {@link memoryOf} takes. */
export function restoreTrainer(trainer: Remembered, { tensors }: TrainingState): void {
  for (const [key, { data }] of rememberedBy(trainer)) data.set(tensors.get(key)?.data ?? data);
}

/** A learning rate as settings have it; a function by some of its values. */
export function learningRateSetting(learningRate: LearningRate, phase: string): unknown {
  if (typeof learningRate === 'number') return learningRate;
  return compared.map((fraction) => learningRateAt(learningRate, fraction, phase));
}

/** What a trainer remembers, under its key in a state. */
function rememberedBy({ parameters, memory }: Remembered): [string, Tensor][] {
  return [
    ...[...parameters].map(([name, tensor]): [string, Tensor] => [`parameter/${name}`, tensor]),
    ...[...memory].map(([name, tensor]): [string, Tensor] => [`memory/${name}`, tensor]),
  ];
}

function checkTensor(what: string, expected: Tensor, found: Tensor | undefined): void {
  if (!found) throw new GrimError(`the checkpoint holds no ${what}`);
  if (!sameShape(expected.shape, found.shape) || expected.data.length !== found.data.length) {
    throw new GrimError(
      `the checkpoint has ${what} of shape ${formatShape(found.shape)}, the trainer ${formatShape(expected.shape)}`,
    );
  }
}

function checkSettings(now: Settings, then: Settings): void {
  for (const name of new Set([...Object.keys(now), ...Object.keys(then)])) {
    const [given, stored] = [textOf(now[name]), textOf(then[name])];
    if (given !== stored) {
      throw new GrimError(`the checkpoint was made with ${name} ${stored}, now it is ${given}`);
    }
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? 'none' : JSON.stringify(value);
}

function record(json: Settings, name: string): Settings {
  const value = json[name];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings;
  throw new GrimError(`the checkpoint has no ${name}`);
}

function number(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  throw new GrimError(`${name} of the checkpoint is ${textOf(value)}, expected a number`);
}

function count(json: Settings, name: string): number {
  const value = number(json[name], name);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new GrimError(`${name} of the checkpoint is ${value}, expected a whole number of 0 or more`);
}
