import { elementCount, formatShape, GrimError, type Graph, type Tensor } from '@grim/ir';
import type { CalibrationSequence } from '@grim/prune';

/** Examples as training takes them. */
export interface TrainingExamples {
  /** Values of each input, [count, ...shape of one example]: that of the input without its batch axis. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly count: number;
  /** Which axis of each input counts examples. */
  readonly axes: Readonly<Record<string, number>>;
}

/**
 * Makes an example of every run: the model is trained on several at a time, along the first axis of each input that has an extent of 1.
 *
 * @throws GrimError naming the input that has no such axis.
 */
export function trainingExamples(graph: Graph, sequences: readonly CalibrationSequence[]): TrainingExamples {
  const runs = sequences.flat();
  const axes: Record<string, number> = {};
  const inputs = graph.inputs.map(({ name, shape }): [string, Tensor] => {
    const axis = shape.indexOf(1);
    if (axis < 0) {
      throw new GrimError(
        `input ${name} ${formatShape(shape)} has no dimension of 1 that could count the examples of a batch`,
      );
    }
    axes[name] = axis;
    const extent = elementCount(shape);
    const data = new Float32Array(runs.length * extent);
    for (const [index, run] of runs.entries()) data.set(run[name] ?? [], index * extent);
    return [name, { shape: [runs.length, ...shape.toSpliced(axis, 1)], data }];
  });
  return { inputs: Object.fromEntries(inputs), count: runs.length, axes };
}

/** Numbers from 0 to count − 1 in a random order (Fisher and Yates; mulberry32). */
export function shuffledNumbers(count: number, seed: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  let state = seed | 0;
  for (let last = count - 1; last > 0; last--) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const other = Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
