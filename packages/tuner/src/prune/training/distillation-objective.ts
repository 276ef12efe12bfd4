import { inferShapes, sameShape, type Graph, type Tensor } from '@grim/ir';
import type { gatherExamples } from '@grim/training';
import type { Objective } from './objective.ts';

/**
 * Learning what the dense network says: the mean squared difference of each output, divided by the variance of the dense one, mean over the
 * outputs. 1 is as bad as always saying the mean.
 *
 * @param graph - The dense network.
 * @param dense - Its outputs for all examples, [count, ...shape for one example].
 * @param gather - Takes examples out of these.
 */
export function distillationObjective(
  graph: Graph,
  dense: ReadonlyMap<string, Tensor>,
  gather: typeof gatherExamples,
): Objective {
  const shapes = inferShapes(graph);
  const outputs = graph.outputs.flatMap(({ name, value }) => {
    const target = dense.get(name);
    if (!target) return [];
    const single = shapes.get(value) ?? [];
    const axis = single.findIndex(
      (extent, at) => extent === 1 && sameShape(single.toSpliced(at, 1), target.shape.slice(1)),
    );
    return [{ name, target, axis: Math.max(0, axis), variance: varianceOf(target.data) || 1 }];
  });
  const differences = (
    given: ReadonlyMap<string, Tensor>,
    examples: readonly number[],
    axisOf: (output: (typeof outputs)[number]) => number,
  ): { loss: number; derivatives: Map<string, Float32Array> } => {
    let loss = 0;
    const derivatives = new Map<string, Float32Array>();
    for (const output of outputs) {
      const wanted = gather(output.target, examples, axisOf(output));
      const said = given.get(output.name)?.data ?? new Float32Array();
      const scale = 1 / (said.length * output.variance * outputs.length);
      derivatives.set(
        output.name,
        said.map((value, index) => 2 * scale * (value - (wanted[index] ?? 0))),
      );
      for (const [index, value] of said.entries()) loss += scale * (value - (wanted[index] ?? 0)) ** 2;
    }
    return { loss, derivatives };
  };
  return {
    kind: 'distillation',
    loss: (given, examples) => differences(given, examples, ({ axis }) => axis),
    score: (given, examples) => ({ loss: differences(given, examples, () => 0).loss, accuracy: null }),
  };
}

function varianceOf(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
