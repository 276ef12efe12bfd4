import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import {
  float,
  floatTensor,
  int,
  intTensor,
  makeModel,
  node,
  type AttributeValue,
} from './support/onnx-model.ts';
import { count, expectSameAsOnnxruntime, noise } from './support/oracle.ts';

/** A shape and one that broadcasts with it. */
const broadcastPair = fc
  .record({
    shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    ones: fc.array(fc.constantFrom('both', 'a', 'b'), { minLength: 4, maxLength: 4 }),
    dropped: fc.integer({ min: 0, max: 3 }),
    seed: fc.nat(),
  })
  .map(({ shape, ones, dropped, seed }) => ({
    a: shape.map((extent, axis) => (ones[axis] === 'b' ? 1 : extent)),
    b: shape.map((extent, axis) => (ones[axis] === 'a' ? 1 : extent)).slice(Math.min(dropped, shape.length)),
    seed,
  }));

describe.each(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Min', 'Max', 'Sum'])('%s', (opType) => {
  test.each(['inputs', 'constant right', 'constant left'])('of %s equals onnxruntime', async (operands) => {
    await fc.assert(
      fc.asyncProperty(
        broadcastPair,
        fc.constantFrom(7, 8, 12, 13, 17, 22),
        async ({ a, b, seed }, opset) => {
          // Opset 7 of Min, Max and Sum does not broadcast.
          const shapeB = opset < 8 && ['Min', 'Max', 'Sum'].includes(opType) ? a : b;
          // Positive and away from zero: powers and quotients of other numbers are far larger than what they are made of.
          const positive = (offset: number, shape: readonly number[]): Float32Array =>
            noise(seed + offset, count(shape)).map((value) => 1.25 + value);
          const all = {
            a: { shape: a, data: positive(0, a) },
            b: { shape: shapeB, data: positive(1, shapeB) },
          };
          const constant = operands === 'inputs' ? undefined : operands === 'constant right' ? 'b' : 'a';
          const inputs = Object.fromEntries(Object.entries(all).filter(([name]) => name !== constant));
          const model = makeModel({
            opset,
            inputs: Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape])),
            outputs: ['y'],
            initializers:
              constant === undefined ? [] : [floatTensor(constant, all[constant].shape, all[constant].data)],
            nodes: [node(opType, ['a', 'b'], ['y'])],
          });
          await expectSameAsOnnxruntime(model, inputs);
        },
      ),
      { numRuns: 12 },
    );
  });
});

test.each(['Min', 'Max', 'Sum'])('%s of one operand and of four equals onnxruntime', async (opType) => {
  for (const names of [['a'], ['a', 'b', 'c', 'a']]) {
    const inputs = {
      a: { shape: [2, 3], data: noise(1, 6) },
      ...(names.length > 1 && {
        b: { shape: [3], data: noise(2, 3) },
        c: { shape: [2, 1], data: noise(3, 2) },
      }),
    };
    const model = makeModel({
      inputs: Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape])),
      outputs: ['y'],
      nodes: [node(opType, names, ['y'])],
    });
    await expectSameAsOnnxruntime(model, inputs);
  }
});

const unary: [opType: string, attributes: Record<string, AttributeValue>][] = [
  ['Abs', {}],
  ['Exp', {}],
  ['HardSigmoid', {}],
  ['HardSigmoid', { alpha: float(0.3), beta: float(0.4) }],
  ['HardSwish', {}],
  ['LeakyRelu', {}],
  ['LeakyRelu', { alpha: float(0.3) }],
  ['Log', {}],
  ['Neg', {}],
  ['Relu', {}],
  ['Sigmoid', {}],
  ['Sqrt', {}],
  ['Tanh', {}],
  ['Identity', {}],
];

test.each(unary)('%s %o equals onnxruntime', async (opType, attributes) => {
  const data = noise(5, 60).map((value) => (['Log', 'Sqrt'].includes(opType) ? value + 1.001 : 4 * value));
  const model = makeModel({
    inputs: { x: [3, 20] },
    outputs: ['y'],
    nodes: [node(opType, ['x'], ['y'], attributes)],
  });
  await expectSameAsOnnxruntime(model, { x: { shape: [3, 20], data } });
});

describe('Clip', () => {
  const x = { shape: [40], data: noise(2, 40) };
  const bounds = [
    [-0.25, 0.5],
    [-0.25, undefined],
    [undefined, 0.5],
    [undefined, undefined],
    [0, 0.7],
  ] as const;

  test.each(bounds)('from %s to %s as attributes (opset 10) equals onnxruntime', async (low, high) => {
    const attributes = {
      ...(low !== undefined && { min: float(low) }),
      ...(high !== undefined && { max: float(high) }),
    };
    const model = makeModel({
      opset: 10,
      inputs: { x: x.shape },
      outputs: ['y'],
      nodes: [node('Clip', ['x'], ['y'], attributes)],
    });
    await expectSameAsOnnxruntime(model, { x });
  });

  test.each(bounds)('from %s to %s as operands (opset 11, 13) equals onnxruntime', async (low, high) => {
    for (const opset of [11, 13]) {
      const model = makeModel({
        opset,
        inputs: { x: x.shape },
        outputs: ['y'],
        initializers: [floatTensor('low', [], [low ?? 0]), floatTensor('high', [], [high ?? 0])],
        nodes: [
          node('Clip', ['x', low === undefined ? '' : 'low', ...(high === undefined ? [] : ['high'])], ['y']),
        ],
      });
      await expectSameAsOnnxruntime(model, { x });
    }
  });
});

test('Cast between real types and Dropout leave nothing behind', async () => {
  const model = makeModel({
    inputs: { x: [2, 3] },
    outputs: ['y'],
    nodes: [
      node('Cast', ['x'], ['wide'], { to: int(11) }),
      node('Cast', ['wide'], ['narrow'], { to: int(1) }),
      node('Dropout', ['narrow'], ['kept', 'unused mask']),
      node('Relu', ['kept'], ['y']),
    ],
  });
  const graph = await expectSameAsOnnxruntime(model, { x: { shape: [2, 3], data: noise(1, 6) } });
  expect(graph.nodes.map(({ op }) => op.kind)).toEqual(['unary']);
});

test('Pow with an integer exponent equals onnxruntime', async () => {
  const model = makeModel({
    inputs: { x: [4] },
    outputs: ['y'],
    initializers: [intTensor('e', [0, 1, 2, 3])],
    nodes: [node('Pow', ['x', 'e'], ['y'])],
  });
  await expectSameAsOnnxruntime(model, { x: { shape: [4], data: noise(1, 4) } });
});

test.each<[string, ReturnType<typeof node>[], RegExp]>([
  [
    'a cast of a real value to integers',
    [node('Cast', ['x'], ['y'], { to: int(7) })],
    /x cannot be cast to INT64/,
  ],
  [
    'a comparison of real values',
    [node('Greater', ['x', 'x'], ['y'])],
    /Greater_0 \(Greater\): operand A must be constant/,
  ],
  [
    'the mask of Dropout',
    [node('Dropout', ['x'], ['kept', 'mask']), node('Where', ['mask', 'kept', 'x'], ['y'])],
    /Where_1 \(Where\): uses mask, output 1 of Dropout_0 \(Dropout\), which is not supported/,
  ],
  ['shapes that do not broadcast', [node('Add', ['x', 'c'], ['y'])], /\[2,3\] and \[4\]/],
])('%s: refused', (_, nodes, message) => {
  const model = makeModel({
    inputs: { x: [2, 3] },
    outputs: ['y'],
    initializers: [floatTensor('c', [4], [1, 2, 3, 4])],
    nodes,
  });
  expect(() => importOnnx(model)).toThrow(message);
});
