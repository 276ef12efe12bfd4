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

/** Fractions of a phase at which functions of learning rates are compared. */
const compared = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875];

/** A copy of all that a run needs to go on. */
export function stateOf(trainer: Remembered, memory: RunMemory, settings: Settings): TrainingState {
  const tensors = new Map<string, Tensor>();
  for (const [kind, values] of tensorsOf(trainer, memory)) {
    for (const [name, { shape, data }] of values)
      tensors.set(`${kind}/${name}`, { shape, data: data.slice() });
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
 * Puts a trainer and the memory of a run where they were.
 *
 * @throws `GrimError` naming what the state does not fit, or what is wrong with it.
 */
export function restoreState(
  trainer: Remembered,
  memory: RunMemory,
  settings: Settings,
  { tensors, json }: TrainingState,
): void {
  if (json['format'] !== format) {
    throw new GrimError(`the checkpoint is of format ${textOf(json['format'])}, expected ${format}`);
  }
  checkSettings(settings, record(json, 'settings'));
  const left = new Set(tensors.keys());
  for (const [kind, values] of [
    ['parameter', trainer.parameters] as const,
    ['memory', trainer.memory] as const,
  ]) {
    for (const [name, tensor] of values) {
      restoreTensor(tensor, `${kind} ${name}`, tensors.get(`${kind}/${name}`));
      left.delete(`${kind}/${name}`);
    }
  }
  for (const key of left) {
    const tensor = tensors.get(key);
    if (!key.startsWith('method/') || !tensor) {
      throw new GrimError(`the checkpoint holds ${key}, which the trainer does not know`);
    }
    memory.tensors.set(key.slice('method/'.length), { shape: tensor.shape, data: tensor.data.slice() });
  }
  memory.phase = count(json, 'phase');
  memory.step = count(json, 'step');
  memory.lossSum = number(json['lossSum'], 'lossSum');
  memory.losses = count(json, 'losses');
  if (!Array.isArray(json['trace'])) throw new GrimError('the checkpoint has no trace');
  memory.trace.push(...(json['trace'] as TraceEntry[]));
  for (const [name, value] of Object.entries(record(json, 'numbers'))) {
    memory.numbers.set(name, number(value, name));
  }
  for (const [name, reason] of Object.entries(record(json, 'dense'))) memory.dense.set(name, textOf(reason));
}

/** A learning rate as settings have it; a function by some of its values. */
export function learningRateSetting(learningRate: LearningRate, phase: string): unknown {
  if (typeof learningRate === 'number') return learningRate;
  return compared.map((fraction) => learningRateAt(learningRate, fraction, phase));
}

function tensorsOf(
  { parameters, memory: remembered }: Remembered,
  memory: RunMemory,
): [string, ReadonlyMap<string, Tensor>][] {
  return [
    ['parameter', parameters],
    ['memory', remembered],
    ['method', memory.tensors],
  ];
}

function restoreTensor(into: Tensor, what: string, from: Tensor | undefined): void {
  if (!from) throw new GrimError(`the checkpoint holds no ${what}`);
  if (!sameShape(into.shape, from.shape) || into.data.length !== from.data.length) {
    throw new GrimError(
      `the checkpoint has ${what} of shape ${formatShape(from.shape)}, the trainer ${formatShape(into.shape)}`,
    );
  }
  into.data.set(from.data);
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
