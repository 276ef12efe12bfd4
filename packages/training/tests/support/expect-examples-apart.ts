import { elementCount, evaluateGraph, inferShapes, type Graph } from '@grim/ir';
import { expect } from 'vitest';
import { mixSeed } from '../../src/data/random.ts';
import { createTrainer, gatherExamples, meanSquaredError, type BatchOptions } from '../../src/index.ts';
import { randomValues } from './random-values.ts';

/**
 * Compares what a trainer predicts for a batch with what the graph gives for one example after the other, and its loss and gradients with
 * the means of those of each example.
 *
 * @param graph - A network for one example, with one input `x` and one output `y`.
 * @param batch - How it is trained.
 * @param seed - Of the examples.
 */
export async function expectExamplesApart(graph: Graph, batch: BatchOptions, seed: number): Promise<void> {
  const shape = graph.inputs[0]?.shape ?? [];
  const axis = batch.axes['x'] ?? 0;
  const outputExtent = elementCount(inferShapes(graph).get(graph.outputs[0]?.value ?? '') ?? []);
  const x = {
    shape: [batch.size, ...shape.toSpliced(axis, 1)],
    data: randomValues(batch.size * elementCount(shape), mixSeed(seed, 1)),
  };
  const open = (size: number): ReturnType<typeof createTrainer<ArrayLike<number>>> =>
    createTrainer(graph, { batch: { ...batch, size }, loss: meanSquaredError() });
  const [together, alone] = [await open(batch.size), await open(1)];
  const predicted = (await together.predict({ x })).get('y');
  const all = await together.lossAndGradients({
    inputs: { x: gatherExamples(x, [...Array(batch.size).keys()], axis) },
    target: new Float32Array(batch.size * outputExtent),
  });
  let loss = 0;
  const gradients = new Map([...all.gradients].map(([name, { length }]) => [name, new Float64Array(length)]));
  for (let example = 0; example < batch.size; example++) {
    const own = gatherExamples(x, [example], axis);
    const { outputs } = evaluateGraph(graph, { inputs: { x: own } });
    outputs['y']?.forEach((value, index) => {
      expect(predicted?.data[example * outputExtent + index]).toBeCloseTo(value, 4);
    });
    const one = await alone.lossAndGradients({ inputs: { x: own }, target: new Float32Array(outputExtent) });
    loss += one.loss / batch.size;
    for (const [name, sums] of gradients) {
      one.gradients.get(name)?.forEach((value, index) => {
        sums[index] = (sums[index] ?? 0) + value / batch.size;
      });
    }
  }
  expect(predicted?.data).toHaveLength(batch.size * outputExtent);
  expect(all.loss).toBeCloseTo(loss, 5);
  for (const [name, sums] of gradients) {
    sums.forEach((value, index) => {
      expect(all.gradients.get(name)?.[index], `${name}[${index}]`).toBeCloseTo(value, 4);
    });
  }
}
