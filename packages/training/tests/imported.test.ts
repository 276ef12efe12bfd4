import { applyPasses, type Graph } from '@grim/ir';
import { importOnnx } from '@grim/onnx';
import { describe, it } from 'vitest';
import { floatTensor, int, ints, intTensor, makeModel, node, string } from './support/onnx-model.ts';
import { classifier } from './support/classifier.ts';
import { expectExamplesApart } from './support/expect-examples-apart.ts';
import { randomValues } from './support/random-values.ts';

const [steps, features, hidden] = [6, 3, 5];

/** A recurrent layer as frameworks export it, its outputs as [1, steps, features], and a linear layer for each step. */
function recurrentModel(
  kind: 'GRU' | 'LSTM',
  isBidirectional: boolean,
  isBatchFirst: boolean,
  isMean: boolean,
): Graph {
  const directions = isBidirectional ? 2 : 1;
  const rows = (kind === 'GRU' ? 3 : 4) * hidden;
  const tensor = (name: string, shape: readonly number[], seed: number): ReturnType<typeof floatTensor> =>
    floatTensor(
      name,
      shape,
      randomValues(
        shape.reduce((product, extent) => product * extent, 1),
        seed,
      ),
    );
  const joined = isBidirectional
    ? [
        node('Transpose', ['Y'], ['turned'], { perm: ints([2, 0, 1, 3]) }),
        node('Reshape', ['turned', 'shape'], ['sequence']),
      ]
    : [
        node('Squeeze', ['Y', 'direction'], ['steps']),
        node('Transpose', ['steps'], ['sequence'], { perm: ints([1, 0, 2]) }),
      ];
  return importOnnx(
    makeModel({
      inputs: { x: isBatchFirst ? [1, steps, features] : [steps, 1, features] },
      outputs: ['y'],
      initializers: [
        tensor('W', [directions, rows, features], 1),
        tensor('R', [directions, rows, hidden], 2),
        tensor('V', [directions * hidden, 4], 3),
        intTensor('shape', [1, steps, directions * hidden]),
        intTensor('direction', [1]),
      ],
      nodes: [
        ...(isBatchFirst ? [node('Transpose', ['x'], ['t'], { perm: ints([1, 0, 2]) })] : []),
        node(kind, [isBatchFirst ? 't' : 'x', 'W', 'R'], ['Y'], {
          hidden_size: int(hidden),
          ...(kind === 'GRU' && { linear_before_reset: int(1) }),
          ...(isBidirectional && { direction: string('bidirectional') }),
        }),
        ...joined,
        ...(isMean ? [node('ReduceMean', ['sequence'], ['m'], { axes: ints([1]), keepdims: int(0) })] : []),
        node('MatMul', [isMean ? 'm' : 'sequence', 'V'], ['y']),
      ],
    }),
  );
}

const forms = (['GRU', 'LSTM'] as const).flatMap((kind) =>
  [false, true].flatMap((isBidirectional) =>
    [false, true].flatMap((isBatchFirst) =>
      [false, true].map((isMean) => ({ kind, isBidirectional, isBatchFirst, isMean })),
    ),
  ),
);

describe('imported networks keep the examples of a batch apart', () => {
  it.each(forms)(
    '$kind bidirectional=$isBidirectional batchFirst=$isBatchFirst mean=$isMean',
    async (form) => {
      const graph = recurrentModel(form.kind, form.isBidirectional, form.isBatchFirst, form.isMean);
      await expectExamplesApart(graph, { size: 4, axes: { x: form.isBatchFirst ? 0 : 1 } }, 3);
    },
  );

  it('a classifier after the passes', async () => {
    await expectExamplesApart(applyPasses(classifier(5)), { size: 3, axes: { x: 0 } }, 6);
  });

  it('one step of a recurrent layer, with its state before it', async () => {
    const rows = 3 * hidden;
    const graph = importOnnx(
      makeModel({
        inputs: { x: [1, features] },
        outputs: ['y'],
        initializers: [
          floatTensor('W', [1, rows, features], randomValues(rows * features, 1)),
          floatTensor('R', [1, rows, hidden], randomValues(rows * hidden, 2)),
          floatTensor('h', [1, 1, hidden], randomValues(hidden, 3)),
          intTensor('first', [0]),
          intTensor('two', [0, 1]),
        ],
        nodes: [
          node('Unsqueeze', ['x', 'first'], ['t']),
          node('GRU', ['t', 'W', 'R', '', '', 'h'], ['Y'], {
            hidden_size: int(hidden),
            linear_before_reset: int(1),
          }),
          node('Squeeze', ['Y', 'two'], ['y']),
        ],
      }),
    );
    await expectExamplesApart(graph, { size: 3, axes: { x: 0 } }, 8);
  });

  it('a convolution and a pool of each step, and a recurrent layer over rows of an image', async () => {
    const rows = 3 * hidden;
    const graph = importOnnx(
      makeModel({
        inputs: { x: [1, 4, 2, 6] },
        outputs: ['y'],
        initializers: [
          intTensor('images', [4, 2, 6]),
          intTensor('rows', [4, 3, 3]),
          floatTensor('filters', [3, 2, 3], randomValues(18, 1)),
          floatTensor('W', [1, rows, 3], randomValues(rows * 3, 2)),
          floatTensor('R', [1, rows, hidden], randomValues(rows * hidden, 3)),
          floatTensor('h', [1, 3, hidden], randomValues(3 * hidden, 4)),
          intTensor('direction', [1]),
        ],
        nodes: [
          node('Reshape', ['x', 'images'], ['i']),
          node('Conv', ['i', 'filters'], ['c'], { pads: ints([1, 1]) }),
          node('MaxPool', ['c'], ['p'], { kernel_shape: ints([2]), strides: ints([2]) }),
          node('Reshape', ['p', 'rows'], ['t']),
          node('GRU', ['t', 'W', 'R', '', '', 'h'], ['Y'], {
            hidden_size: int(hidden),
            linear_before_reset: int(1),
          }),
          node('Squeeze', ['Y', 'direction'], ['s']),
          node('ReduceMean', ['s'], ['y'], { axes: ints([0]), keepdims: int(1) }),
        ],
      }),
    );
    await expectExamplesApart(graph, { size: 3, axes: { x: 0 } }, 9);
  });
});
