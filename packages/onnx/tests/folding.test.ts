import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import {
  anyTensor,
  DataType,
  float,
  floats,
  floatTensor,
  int,
  ints,
  intTensor,
  makeModel,
  node,
  tensorValue,
  type ModelParts,
} from './support/onnx-model.ts';
import { count, expectSameAsOnnxruntime, noise } from './support/oracle.ts';

type Parts = Pick<ModelParts, 'initializers' | 'nodes' | 'opset'>;

/** A model that adds the constant `r`, cast to real numbers, to an input of one element. */
function showing({ nodes, initializers = [], opset = 17 }: Parts): Uint8Array {
  return makeModel({
    opset,
    inputs: { x: [1] },
    outputs: ['y'],
    initializers,
    nodes: [...nodes, node('Cast', ['r'], ['real'], { to: int(1) }), node('Add', ['x', 'real'], ['y'])],
  });
}

const zero = { x: { shape: [1], data: Float32Array.of(0) } };

/** Everything constant is gone after import: what is left is one addition, or nothing when zero was added. */
async function expectFolded(parts: Parts): Promise<void> {
  const graph = await expectSameAsOnnxruntime(showing(parts), zero);
  expect(graph.nodes.length).toBeLessThanOrEqual(1);
}

function int32Tensor(name: string, values: readonly number[]): ReturnType<typeof anyTensor> {
  return anyTensor({ name, dims: [BigInt(values.length)], dataType: DataType.INT32, int32Data: [...values] });
}

function boolTensor(name: string, values: readonly number[]): ReturnType<typeof anyTensor> {
  return anyTensor({ name, dims: [BigInt(values.length)], dataType: DataType.BOOL, int32Data: [...values] });
}

describe('integer arithmetic equals onnxruntime', () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 3 });

  test.each(['Add', 'Sub', 'Mul', 'Min', 'Max', 'Div', 'Mod'])('%s', async (opType) => {
    await fc.assert(
      fc.asyncProperty(values, values, fc.boolean(), async (a, drawn, wide) => {
        const divides = opType === 'Div' || opType === 'Mod';
        const b = drawn.map((value) => (divides && value === 0 ? 7 : value));
        const make = wide ? intTensor : int32Tensor;
        await expectFolded({
          initializers: [make('a', a), make('b', b)],
          nodes: [node(opType, ['a', 'b'], ['r'])],
        });
      }),
      { numRuns: 10 },
    );
  });

  test('division truncates, the remainder has the sign of the divisor or of the dividend', async () => {
    const initializers = [intTensor('a', [7, -7, 7, -7]), intTensor('b', [2, 2, -2, -2])];
    await expectFolded({ initializers, nodes: [node('Div', ['a', 'b'], ['r'])] });
    await expectFolded({ initializers, nodes: [node('Mod', ['a', 'b'], ['r'])] });
    await expectFolded({ initializers, nodes: [node('Mod', ['a', 'b'], ['r'], { fmod: int(1) })] });
  });

  test('powers, signs and products over axes', async () => {
    const initializers = [
      intTensor('a', [2, -3, 5, 1, 0, -2], [2, 3]),
      intTensor('e', [3]),
      intTensor('axes', [1]),
    ];
    await expectFolded({ initializers, nodes: [node('Pow', ['a', 'e'], ['r'])] });
    await expectFolded({ initializers, nodes: [node('Abs', ['a'], ['r'])] });
    await expectFolded({ initializers, nodes: [node('Neg', ['a'], ['r'])] });
    await expectFolded({ initializers, nodes: [node('ReduceSum', ['a', 'axes'], ['r'])] });
    for (const opType of ['ReduceProd', 'ReduceMax', 'ReduceMin']) {
      await expectFolded({
        opset: 13,
        initializers,
        nodes: [node(opType, ['a'], ['r'], { axes: ints([0]), keepdims: int(0) })],
      });
      await expectFolded({ opset: 18, initializers, nodes: [node(opType, ['a', 'axes'], ['r'])] });
    }
  });

  test('overflow wraps at the width of the type', async () => {
    const initializers = [int32Tensor('a', [2 ** 31 - 1]), int32Tensor('b', [1])];
    await expectFolded({ initializers, nodes: [node('Add', ['a', 'b'], ['r'])] });
  });

  test.each([
    ['division by zero', 'Div', 0, /Div_0 \(Div\): integer division by zero/],
    ['remainder by zero', 'Mod', 0, /Mod_0 \(Mod\): integer division by zero/],
    ['a negative power', 'Pow', -1, /Pow_0 \(Pow\): integer power with the negative exponent -1/],
  ])('%s: refused', (_, opType, b, message) => {
    const parts = {
      initializers: [intTensor('a', [3]), intTensor('b', [b])],
      nodes: [node(opType, ['a', 'b'], ['r'])],
    };
    expect(() => importOnnx(showing(parts))).toThrow(message);
  });

  test('a power with an enormous exponent ends', () => {
    const initializers = [intTensor('a', [3]), intTensor('b', [2n ** 62n])];
    const model = showing({ initializers, nodes: [node('Pow', ['a', 'b'], ['r'])] });
    expect(importOnnx(model).nodes).toHaveLength(1);
  });
});

describe('comparisons and logic equal onnxruntime', () => {
  const initializers = [
    intTensor('a', [1, 2, 3, 2], [2, 2]),
    intTensor('b', [2, 2]),
    boolTensor('p', [1, 0, 1, 0]),
    boolTensor('q', [1, 1, 0, 0]),
    floatTensor('f', [4], [0.5, -1, 2, 3]),
    floatTensor('g', [1], [2]),
  ];

  test.each(['Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual'])('%s', async (opType) => {
    await expectFolded({ initializers, nodes: [node(opType, ['a', 'b'], ['r'])] });
    await expectFolded({ initializers, nodes: [node(opType, ['f', 'g'], ['r'])] });
  });

  test.each(['And', 'Or', 'Xor'])('%s', async (opType) => {
    await expectFolded({ initializers, nodes: [node(opType, ['p', 'q'], ['r'])] });
  });

  test('Not and Where', async () => {
    await expectFolded({ initializers, nodes: [node('Not', ['p'], ['r'])] });
    await expectFolded({ initializers, nodes: [node('Where', ['p', 'f', 'g'], ['r'])] });
    await expectFolded({
      initializers,
      nodes: [node('Less', ['a', 'b'], ['c']), node('Where', ['c', 'a', 'b'], ['r'])],
    });
  });

  test('operands of different types are refused', () => {
    const model = showing({ initializers, nodes: [node('Equal', ['a', 'g'], ['r'])] });
    expect(() => importOnnx(model)).toThrow(
      'Equal_0 (Equal): operands of type int64 and float do not go together',
    );
  });
});

describe('moving constants of any type equals onnxruntime', () => {
  const initializers = [
    intTensor('a', [1, 2, 3, 4, 5, 6], [2, 3]),
    boolTensor('p', [1, 0, 1]),
    intTensor('i', [2, 0]),
    intTensor('one', [1]),
    intTensor('zero', [0]),
    intTensor('two', [2]),
    intTensor('none', []),
    intTensor('end', [2n ** 63n - 1n]),
    intTensor('start', [-(2n ** 63n) + 1n]),
    intTensor('minus', [-1]),
    intTensor('shape', [3, -1]),
    intTensor('big', [2, 2, 3]),
  ];

  test.each<[string, Parts['nodes']]>([
    ['Gather', [node('Gather', ['a', 'i'], ['r'], { axis: int(1) })]],
    ['Gather of booleans', [node('Gather', ['p', 'i'], ['r'])]],
    ['Transpose', [node('Transpose', ['a'], ['r'])]],
    ['Slice', [node('Slice', ['a', 'minus', 'start', 'one', 'minus'], ['r'])]],
    ['Reshape', [node('Reshape', ['a', 'shape'], ['r'])]],
    [
      'Concat with nothing',
      [
        node('Slice', ['i', 'two', 'end', 'zero'], ['e']),
        node('Concat', ['e', 'i', 'e'], ['r'], { axis: int(0) }),
      ],
    ],
    ['Expand', [node('Expand', ['a', 'big'], ['r'])]],
    ['Tile', [node('Tile', ['a', 'i2'], ['r'])]],
    ['Unsqueeze and Squeeze', [node('Unsqueeze', ['a', 'one'], ['u']), node('Squeeze', ['u', 'one'], ['r'])]],
    ['Size', [node('Size', ['a'], ['r'])]],
    ['Shape', [node('Shape', ['a'], ['r'])]],
    ['a part of Shape', [node('Shape', ['a'], ['r'], { start: int(-1) })]],
    ['ConstantOfShape', [node('ConstantOfShape', ['i3'], ['r'], { value: tensorValue(intTensor('', [7])) })]],
    [
      'ConstantOfShape of nothing',
      [
        node('ConstantOfShape', ['zero'], ['e'], { value: tensorValue(intTensor('', [7])) }),
        node('Concat', ['e', 'i'], ['r'], { axis: int(0) }),
      ],
    ],
    [
      'ReduceSum of nothing',
      [
        node('ConstantOfShape', ['zero'], ['e'], { value: tensorValue(intTensor('', [7])) }),
        node('ReduceSum', ['e'], ['r']),
      ],
    ],
  ])('%s', async (_, nodes) => {
    await expectFolded({
      initializers: [...initializers, intTensor('i2', [2, 3]), intTensor('i3', [2, 3])],
      nodes,
    });
  });

  test.each([
    [0, 5, 1],
    [5, 0, -2],
    [1, 1, 1],
    [0, 4, 3],
  ])('Range from %i to %i by %i', async (start, limit, delta) => {
    const scalars = [
      intTensor('s', [start], []),
      intTensor('l', [limit], []),
      intTensor('d', [delta], []),
      intTensor('i', [9]),
    ];
    await expectFolded({
      initializers: scalars,
      nodes: [node('Range', ['s', 'l', 'd'], ['e']), node('Concat', ['e', 'i'], ['r'], { axis: int(0) })],
    });
  });

  test('Range of real numbers', async () => {
    const scalars = [floatTensor('s', [], [0.5]), floatTensor('l', [], [3]), floatTensor('d', [], [0.75])];
    await expectFolded({ initializers: scalars, nodes: [node('Range', ['s', 'l', 'd'], ['r'])] });
  });
});

describe('casts and rounding equal onnxruntime', () => {
  const initializers = [
    floatTensor('f', [6], [-2.5, -1.5, 0, 0.5, 1.5, 2.7]),
    intTensor('i', [0, 1, 300, -1]),
  ];

  test.each(['Floor', 'Ceil', 'Round', 'Neg', 'Abs', 'Exp', 'Sigmoid', 'Relu', 'Tanh'])(
    '%s',
    async (opType) => {
      await expectFolded({ initializers, nodes: [node(opType, ['f'], ['r'])] });
    },
  );

  test.each(['INT64', 'INT32', 'BOOL', 'DOUBLE'] as const)('Cast of real numbers to %s', async (type) => {
    await expectFolded({ initializers, nodes: [node('Cast', ['f'], ['r'], { to: int(DataType[type]) })] });
  });

  test.each(['UINT8', 'INT8', 'INT16', 'BOOL', 'INT32', 'UINT32'] as const)(
    'Cast of integers to %s',
    async (type) => {
      await expectFolded({ initializers, nodes: [node('Cast', ['i'], ['r'], { to: int(DataType[type]) })] });
    },
  );

  test('infinity has no integer', () => {
    const model = showing({
      initializers: [floatTensor('inf', [1], [Infinity])],
      nodes: [node('Cast', ['inf'], ['r'], { to: int(7) })],
    });
    expect(() => importOnnx(model)).toThrow('Cast_0 (Cast): Infinity cannot be cast to int64');
  });
});

describe('Constant', () => {
  test.each([
    ['value', { value: tensorValue(floatTensor('', [2], [1.5, 2.5])) }],
    ['value_float', { value_float: float(1.5) }],
    ['value_floats', { value_floats: floats([1.5, 2.5]) }],
    ['value_int', { value_int: int(3) }],
    ['value_ints', { value_ints: ints([3, 4]) }],
  ])('in the form %s equals onnxruntime', async (_, attributes) => {
    await expectFolded({ nodes: [node('Constant', [], ['r'], attributes)] });
  });

  test('without a number: refused', () => {
    expect(() => importOnnx(showing({ nodes: [node('Constant', [], ['r'])] }))).toThrow(
      'Constant_0 (Constant): it holds no number: give value, sparse_value, value_float(s) or value_int(s)',
    );
  });
});

test('layers of constants are folded too', async () => {
  const w = [2, 3, 3];
  await expectFolded({
    initializers: [floatTensor('c', [1, 3, 5], noise(1, 15)), floatTensor('w', w, noise(2, count(w)))],
    nodes: [node('Conv', ['c', 'w'], ['v']), node('ReduceMean', ['v'], ['r'])],
  });
});

test('an output that is constant is shown as a constant', async () => {
  const model = makeModel({
    inputs: { x: [2, 3] },
    outputs: ['y', 'c'],
    nodes: [
      node('Relu', ['x'], ['y']),
      node('Shape', ['x'], ['s']),
      node('Cast', ['s'], ['c'], { to: int(1) }),
    ],
  });
  await expectSameAsOnnxruntime(model, { x: { shape: [2, 3], data: noise(1, 6) } });
});
