import { elementCount, type Graph } from '@grim/ir';
import type { CalibrationSequence } from '@grim/prune';
import type { Examples } from '../datasets/examples.ts';

/** Examples that calibration looks at: enough for more vectors than any matrix here has columns. */
const count = 256;

/** Some training examples, evenly spread, without their classes. */
export function calibrationOf(graph: Graph, examples: Examples): CalibrationSequence[] {
  const [input] = graph.inputs;
  if (!input) throw new Error(`${graph.name} has no input`);
  return Array.from({ length: Math.min(count, examples.count) }, (_, index) => {
    const values = new Float32Array(elementCount(input.shape));
    examples.write(Math.floor((index * examples.count) / count), values);
    return [{ [input.name]: values }];
  });
}
