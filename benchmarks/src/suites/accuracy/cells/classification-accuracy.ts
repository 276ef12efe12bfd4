import { elementCount, type Graph } from '@grim/ir';
import type { Examples } from '../datasets/examples.ts';
import { compileModel } from './compile-model.ts';

/** Share of examples whose class gets the largest output, by the model as it is shipped: compiled, in the runtime. */
export async function classificationAccuracy(graph: Graph, examples: Examples): Promise<number> {
  const { session } = await compileModel(graph);
  const [input] = graph.inputs;
  const example = new Float32Array(elementCount(input?.shape ?? []));
  let right = 0;
  for (let index = 0; index < examples.count; index++) {
    examples.write(index, example);
    const scores = session.step(example);
    if (scores.indexOf(Math.max(...scores)) === examples.labels[index]) right++;
  }
  return right / examples.count;
}
