import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import { float, floatTensor, int, makeModel, node } from './support/onnx-model.ts';
import { count, expectSameAsOnnxruntime, noise } from './support/oracle.ts';

const gemm = fc.record({
  rows: fc.integer({ min: 1, max: 4 }),
  inner: fc.integer({ min: 1, max: 5 }),
  columns: fc.integer({ min: 1, max: 4 }),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  alpha: fc.constantFrom(1, 0.5, -2),
  beta: fc.constantFrom(1, 0.25),
  c: fc.constantFrom('none', 'scalar', 'row', 'row matrix', 'column', 'matrix'),
  cIsInput: fc.boolean(),
  opset: fc.constantFrom(7, 9, 11, 13, 22),
  seed: fc.nat(),
});

test('Gemm equals onnxruntime', async () => {
  await fc.assert(
    fc.asyncProperty(gemm, async (spec) => {
      const { rows, inner, columns, seed } = spec;
      const shapeA = spec.transposeA ? [inner, rows] : [rows, inner];
      const shapeB = spec.transposeB ? [columns, inner] : [inner, columns];
      const shapesC: Record<string, number[]> = {
        scalar: [],
        row: [columns],
        'row matrix': [1, columns],
        column: [rows, 1],
        matrix: [rows, columns],
      };
      // Before opset 11 C had to be there.
      const shapeC = shapesC[spec.opset < 11 && spec.c === 'none' ? 'row' : spec.c];
      const c = shapeC && { shape: shapeC, data: noise(seed + 2, count(shapeC)) };
      const inputs = {
        a: { shape: shapeA, data: noise(seed, count(shapeA)) },
        ...(c && spec.cIsInput && { c }),
      };
      const model = makeModel({
        opset: spec.opset,
        inputs: Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape])),
        outputs: ['y'],
        initializers: [
          floatTensor('b', shapeB, noise(seed + 1, count(shapeB))),
          ...(c && !spec.cIsInput ? [floatTensor('c', c.shape, c.data)] : []),
        ],
        nodes: [
          node('Gemm', c ? ['a', 'b', 'c'] : ['a', 'b'], ['y'], {
            transA: int(spec.transposeA ? 1 : 0),
            transB: int(spec.transposeB ? 1 : 0),
            alpha: float(spec.alpha),
            beta: float(spec.beta),
          }),
        ],
      });
      await expectSameAsOnnxruntime(model, inputs);
    }),
    { numRuns: 60 },
  );
});

test.each([
  { a: [3], b: [3, 2] },
  { a: [4, 3], b: [3, 2] },
  { a: [2, 4, 3], b: [3, 2] },
  { a: [2, 1, 4, 3], b: [3, 2] },
  { a: [2, 4, 3], b: [1, 3, 2] },
  { a: [4, 3], b: [3] },
  { a: [2, 4, 3], b: [3] },
  { a: [3], b: [3] },
])('MatMul of $a and constant $b equals onnxruntime', async ({ a, b }) => {
  const model = makeModel({
    inputs: { a },
    outputs: ['y'],
    initializers: [floatTensor('b', b, noise(1, count(b)))],
    nodes: [node('MatMul', ['a', 'b'], ['y'])],
  });
  const graph = await expectSameAsOnnxruntime(model, { a: { shape: a, data: noise(2, count(a)) } });
  expect(graph.nodes.filter(({ op }) => op.kind === 'linear')).toHaveLength(1);
});

test('MatMul of a constant matrix and a matrix equals onnxruntime', async () => {
  const model = makeModel({
    inputs: { x: [3, 4] },
    outputs: ['y'],
    initializers: [floatTensor('w', [2, 3], noise(1, 6))],
    nodes: [node('MatMul', ['w', 'x'], ['y'])],
  });
  await expectSameAsOnnxruntime(model, { x: { shape: [3, 4], data: noise(2, 12) } });
});

test('a bias added after MatMul becomes the bias of the layer', async () => {
  const model = makeModel({
    inputs: { x: [2, 5, 3] },
    outputs: ['y'],
    initializers: [floatTensor('w', [3, 4], noise(1, 12)), floatTensor('b', [4], noise(2, 4))],
    nodes: [node('MatMul', ['x', 'w'], ['p']), node('Add', ['b', 'p'], ['s']), node('Relu', ['s'], ['y'])],
  });
  const graph = await expectSameAsOnnxruntime(model, { x: { shape: [2, 5, 3], data: noise(3, 30) } });
  expect(graph.nodes.map(({ op }) => op.kind)).toEqual(['linear']);
});

test.each([
  [
    'of two inputs',
    ['x', 'z'],
    /MatMul_0 \(MatMul\): one factor must be a constant matrix, got x \[2,3\] and z \[3,2\]/,
  ],
  [
    'of a stack of constants',
    ['x', 'stack'],
    /one factor must be a constant matrix, got x \[2,3\] and constant \[2,3,2\]/,
  ],
  ['of shapes that do not fit', ['x', 'long'], /\[2,3\] and \[2,4\]/],
])('MatMul %s: refused', (_, operands, message) => {
  const model = makeModel({
    inputs: { x: [2, 3], z: [3, 2] },
    outputs: ['y'],
    initializers: [floatTensor('stack', [2, 3, 2], noise(1, 12)), floatTensor('long', [4, 2], noise(1, 8))],
    nodes: [node('MatMul', operands, ['y'])],
  });
  expect(() => importOnnx(model)).toThrow(message);
});
