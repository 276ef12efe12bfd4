import { expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import { float, floatTensor, int, ints, makeModel, node, type AttributeValue } from './support/onnx-model.ts';
import { count, expectSameAsOnnxruntime, noise } from './support/oracle.ts';

const statistics = [
  floatTensor('scale', [4], noise(1, 4)),
  floatTensor('shift', [4], noise(2, 4)),
  floatTensor('mean', [4], noise(3, 4)),
  floatTensor('variance', [4], noise(4, 4).map(Math.abs)),
];
const operands = ['scale', 'shift', 'mean', 'variance'];
const x = { shape: [2, 4, 6], data: noise(5, 48) };

function normalization(opset: number, attributes: Record<string, AttributeValue> = {}): Uint8Array {
  return makeModel({
    opset,
    inputs: { x: x.shape },
    outputs: ['y'],
    initializers: statistics,
    nodes: [node('BatchNormalization', ['x', ...operands], ['y'], attributes, { name: 'norm' })],
  });
}

test.each([7, 9, 14, 15, 22])('BatchNormalization of opset %i equals onnxruntime', async (opset) => {
  await expectSameAsOnnxruntime(normalization(opset, { epsilon: float(0.01), momentum: float(0.8) }), { x });
});

test.each([
  ['training mode', 15, { training_mode: int(1) }, /norm \(BatchNormalization\): training mode/],
  [
    'statistics per activation',
    7,
    { spatial: int(0) },
    /norm \(BatchNormalization\): statistics per activation/,
  ],
])('%s: refused', (_, opset, attributes, message) => {
  expect(() => importOnnx(normalization(opset, attributes))).toThrow(message);
});

test('statistics as outputs, which meant training before opset 14: refused', () => {
  const model = makeModel({
    opset: 9,
    inputs: { x: x.shape },
    outputs: ['y'],
    initializers: statistics,
    nodes: [
      node('BatchNormalization', ['x', ...operands], ['y', 'm', 'v', 'sm', 'sv'], {}, { name: 'norm' }),
    ],
  });
  expect(() => importOnnx(model)).toThrow(/norm \(BatchNormalization\): training mode/);
});

test('a chain of factors and offsets of all kinds moves into a convolution', async () => {
  const model = makeModel({
    inputs: { x: [2, 3, 9] },
    outputs: ['y'],
    initializers: [
      floatTensor('w', [4, 3, 3], noise(6, 36)),
      floatTensor('b', [4], noise(7, 4)),
      floatTensor('column', [4, 1], [1, 2, 3, 4]),
      floatTensor('one', [1], [0.5]),
      floatTensor('full', [1, 4, 1], [3, -2, 1, 2]),
    ],
    nodes: [
      node('Conv', ['x', 'w', 'b'], ['c']),
      node('Sub', ['c', 'column'], ['d']),
      node('Mul', ['one', 'd'], ['e']),
      node('Div', ['e', 'full'], ['f']),
      node('Add', ['f', 'column'], ['g']),
      node('Mul', ['g', 'full'], ['y']),
    ],
  });
  const graph = await expectSameAsOnnxruntime(model, { x: { shape: [2, 3, 9], data: noise(8, 54) } });
  expect(graph.nodes.map(({ op }) => op.kind)).toEqual(['conv']);
});

test('what does not act per channel, or the other way round, stays behind the convolution', async () => {
  const model = makeModel({
    inputs: { x: [1, 3, 6] },
    outputs: ['y'],
    initializers: [
      floatTensor('w', [4, 3, 3], noise(6, 36)),
      floatTensor('row', [4], [1, 2, 3, 4]),
      floatTensor('column', [4, 1], [1, 2, 3, 4]),
    ],
    nodes: [
      node('Conv', ['x', 'w'], ['c']),
      node('Add', ['c', 'row'], ['d']),
      node('Sub', ['column', 'd'], ['y']),
    ],
  });
  const graph = await expectSameAsOnnxruntime(model, { x: { shape: [1, 3, 6], data: noise(8, 18) } });
  expect(graph.nodes.map(({ op }) => op.kind)).toEqual(['conv', 'binary', 'binary']);
});

test.each([
  ['with a bias', ['x', 'w', 'b']],
  ['without a bias', ['x', 'w']],
])('a convolution %s takes in the normalisation and the activation behind it', async (_, inputs) => {
  const model = makeModel({
    inputs: { x: [1, 3, 9] },
    outputs: ['y'],
    initializers: [
      ...statistics,
      floatTensor('w', [4, 3, 3], noise(6, 36)),
      floatTensor('b', [4], noise(7, 4)),
    ],
    nodes: [
      node('Conv', inputs, ['c'], { pads: ints([1, 1]) }, { name: 'stem' }),
      node('BatchNormalization', ['c', ...operands], ['n']),
      node('Relu', ['n'], ['y']),
    ],
  });
  const graph = await expectSameAsOnnxruntime(model, { x: { shape: [1, 3, 9], data: noise(8, 27) } });
  expect(graph.nodes.map(({ name, op }) => [name, op.kind])).toEqual([['stem', 'conv']]);
});

test('a convolution that is read elsewhere keeps its weights', async () => {
  const model = makeModel({
    inputs: { x: [1, 3, 9] },
    outputs: ['y', 'c'],
    initializers: [...statistics, floatTensor('w', [4, 3, 3], noise(6, 36))],
    nodes: [node('Conv', ['x', 'w'], ['c']), node('BatchNormalization', ['c', ...operands], ['y'])],
  });
  const graph = await expectSameAsOnnxruntime(model, { x: { shape: [1, 3, 9], data: noise(8, 27) } });
  expect(graph.nodes.map(({ op }) => op.kind)).toEqual(['conv', 'binary', 'binary']);
});

test('a filter that two convolutions share is scaled for the one that is normalised only', async () => {
  const model = makeModel({
    inputs: { x: [1, 3, 9] },
    outputs: ['y', 'z'],
    initializers: [...statistics, floatTensor('w', [4, 3, 3], noise(6, 36))],
    nodes: [
      node('Conv', ['x', 'w'], ['c']),
      node('BatchNormalization', ['c', ...operands], ['y']),
      node('Conv', ['x', 'w'], ['z'], { strides: ints([2]) }),
    ],
  });
  const graph = await expectSameAsOnnxruntime(model, { x: { shape: [1, 3, 9], data: noise(8, 27) } });
  expect(graph.nodes.map(({ op }) => op.kind)).toEqual(['conv', 'conv']);
});

test.each([
  [13, [2, 3, 4], undefined],
  [13, [2, 3, 4], -2],
  [17, [5], 0],
  [17, [2, 3, 4], 0],
  [11, [2, 3, 4], undefined],
  [11, [2, 3, 4], 0],
  [7, [2, 3, 4], 2],
])('Softmax of opset %i of %j along axis %s equals onnxruntime', async (opset, shape, axis) => {
  const model = makeModel({
    opset,
    inputs: { x: shape },
    outputs: ['y'],
    nodes: [node('Softmax', ['x'], ['y'], axis === undefined ? {} : { axis: int(axis) })],
  });
  const data = noise(9, count(shape)).map((value) => value * 100);
  await expectSameAsOnnxruntime(model, { x: { shape, data } });
});

function layerNormalization(
  shape: readonly number[],
  attributes: Record<string, AttributeValue>,
  outputs: readonly string[] = ['y'],
): Uint8Array {
  return makeModel({
    inputs: { x: [2, 3, 5] },
    outputs: ['y'],
    initializers: [
      floatTensor('scale', [...shape], noise(1, count(shape))),
      floatTensor('shift', [...shape], noise(2, count(shape))),
    ],
    nodes: [node('LayerNormalization', ['x', 'scale', 'shift'], outputs, attributes, { name: 'norm' })],
  });
}

test.each([
  [[5], {}],
  [[5], { epsilon: float(0.5), stash_type: int(1) }],
  [[3, 5], { axis: int(1) }],
  [[2, 3, 5], { axis: int(-3) }],
])('LayerNormalization by %j equals onnxruntime', async (shape, attributes) => {
  const input = { shape: [2, 3, 5], data: noise(3, 30) };
  await expectSameAsOnnxruntime(layerNormalization(shape, attributes), { x: input });
});

test('LayerNormalization that gives its statistics, or of other extents than its scale: refused', () => {
  expect(() => importOnnx(layerNormalization([5], {}, ['y', 'mean']))).toThrow(
    /norm \(LayerNormalization\): mean and deviation as results/,
  );
  expect(() => importOnnx(layerNormalization([3], {}))).toThrow(
    /norm \(LayerNormalization\): operand scale must be \[5\], got \[3\]/,
  );
});
