import { formatShape, GrimError, sameShape, type Tensor } from '@grim/ir';
import type { Trainer, TrainingState } from '@grim/prune';

type Remembered = Pick<Trainer<unknown>, 'memory' | 'parameters'>;

function tensorsOf({ parameters, memory }: Remembered): Map<string, Tensor> {
  return new Map([
    ...[...parameters].map(([name, tensor]) => [`parameter/${name}`, tensor] as const),
    ...[...memory].map(([name, tensor]) => [`memory/${name}`, tensor] as const),
  ]);
}

/**
 * A copy of all that a trainer needs to go on with the same bits.
 *
 * @param trainer - The trainer.
 * @param json - What the caller needs besides: the position of the batches, a learning rate.
 */
export function trainerState(trainer: Remembered, json: TrainingState['json'] = {}): TrainingState {
  const copies = [...tensorsOf(trainer)].map(
    ([name, { shape, data }]) => [name, { shape, data: data.slice() }] as const,
  );
  return { tensors: new Map(copies), json };
}

/**
 * Puts a trainer where another of the same network was.
 *
 * @param trainer - The trainer.
 * @param state - What {@link trainerState} gave.
 * @throws `GrimError` naming the first tensor that is missing, has another shape, or has no place in the trainer; the trainer
 * is as it was then.
 */
export function restoreTrainer(trainer: Remembered, { tensors }: TrainingState): void {
  const own = tensorsOf(trainer);
  for (const [name, { shape }] of own) {
    const other = tensors.get(name);
    if (!other) throw new GrimError(`the checkpoint holds no ${name}`);
    if (!sameShape(shape, other.shape)) {
      throw new GrimError(
        `the checkpoint has ${name} of shape ${formatShape(other.shape)}, the trainer ${formatShape(shape)}`,
      );
    }
  }
  for (const name of tensors.keys()) {
    if (!own.has(name)) throw new GrimError(`the checkpoint holds ${name}, which the trainer does not know`);
  }
  for (const [name, { data }] of own) data.set(tensors.get(name)?.data ?? []);
}
