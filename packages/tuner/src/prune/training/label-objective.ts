import { elementCount, formatShape, GrimError, inferShapes, type Graph, type Tensor } from '@grim/ir';
import type { crossEntropy, LossValue } from '@grim/training';
import { namingFile } from '../../files/naming-file.ts';
import { readNpy } from '../../files/npy/read-npy.ts';
import { readInputFile } from '../../files/read-input-file.ts';
import type { Objective } from './objective.ts';

/** Below this a probability counts as this, since its logarithm has no end. */
const leastProbability = 1e-7;

/**
 * Learning classes by cross-entropy. The output holds logits, or probabilities where a softmax gives it, classes along its last axis.
 *
 * @param file - An `.npy` file with a class from 0 for each example, or each row of the output of each.
 * @throws GrimError when the model has several outputs or no classes, or the file does not fit.
 */
export async function labelObjective(
  graph: Graph,
  file: string,
  count: number,
  makeCrossEntropy: typeof crossEntropy,
): Promise<Objective> {
  const [output, ...others] = graph.outputs;
  if (!output || others.length > 0) {
    throw new GrimError(`--labels is for models with one output, this one has ${graph.outputs.length}`);
  }
  const shape = inferShapes(graph).get(output.value) ?? [];
  const classes = shape.at(-1) ?? 1;
  if (classes < 2) {
    throw new GrimError(
      `--labels: output ${output.name} ${formatShape(shape)} has no classes along its last axis; without labels the network learns what the dense one says`,
    );
  }
  const bytes = await readInputFile(file);
  const { data: labels } = await namingFile(file, () => Promise.resolve(readNpy(bytes)));
  const rows = elementCount(shape) / classes;
  if (labels.length !== count * rows) {
    throw new GrimError(
      `holds ${labels.length} numbers, expected the number of a class for each ${rows === 1 ? '' : `of ${rows} rows of each `}of ${count} examples`,
      { file },
    );
  }
  const wrong = labels.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (wrong !== undefined) {
    throw new GrimError(`holds ${wrong}, expected classes from 0 to ${classes - 1}`, { file });
  }
  const labelsOf = (examples: readonly number[]): number[] =>
    examples.flatMap((example) => [...labels.subarray(example * rows, (example + 1) * rows)]);
  const isSoftmax = graph.nodes.some(
    ({ op, outputs }) => op.kind === 'softmax' && outputs.includes(output.value),
  );
  const loss = isSoftmax ? ofProbabilities : makeCrossEntropy();
  return {
    kind: 'cross-entropy',
    loss: (outputs, examples) => loss(outputs, labelsOf(examples)),
    score: (outputs, examples) => {
      const wanted = labelsOf(examples);
      return {
        loss: loss(outputs, wanted).loss,
        accuracy: accuracyOf([...outputs.values()][0]?.data ?? new Float32Array(), classes, wanted),
      };
    },
  };
}

/** −log p of the class of each row, mean over the rows. */
function ofProbabilities(outputs: ReadonlyMap<string, Tensor>, labels: readonly number[]): LossValue {
  const [first] = outputs;
  if (!first) throw new GrimError('there is no output to learn');
  const [name, { shape, data }] = first;
  const classes = shape.at(-1) ?? 1;
  const derivative = new Float32Array(data.length);
  let loss = 0;
  for (const [row, label] of labels.entries()) {
    const index = row * classes + label;
    const probability = Math.max(data[index] ?? 0, leastProbability);
    loss -= Math.log(probability) / labels.length;
    derivative[index] = -1 / (probability * labels.length);
  }
  return { loss, derivatives: new Map([[name, derivative]]) };
}

function accuracyOf(data: Float32Array, classes: number, labels: readonly number[]): number {
  const right = labels.filter((label, row) => {
    const scores = data.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(scores.reduce((most, score) => Math.max(most, score), -Infinity)) === label;
  });
  return right.length / labels.length;
}
