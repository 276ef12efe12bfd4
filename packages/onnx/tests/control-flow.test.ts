import { expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import {
  DataType,
  floatTensor,
  graphValue,
  int,
  intTensor,
  makeGraph,
  makeModel,
  node,
  valueInfo,
} from './support/onnx-model.ts';
import { expectSameAsOnnxruntime, noise } from './support/oracle.ts';

const x = { shape: [2, 3], data: noise(1, 6) };

/** An `If` that compares the input `mode` with 1. */
function choosing(then: ReturnType<typeof makeGraph>, otherwise: ReturnType<typeof makeGraph>): Uint8Array {
  return makeModel({
    inputs: { x: x.shape, mode: valueInfo('mode', [], DataType.INT64) },
    outputs: ['y'],
    initializers: [intTensor('one', [1], []), floatTensor('scale', [], [3])],
    nodes: [
      node('Mul', ['x', 'scale'], ['scaled'], {}, { name: 'scale by 3' }),
      node('Equal', ['mode', 'one'], ['is one']),
      node('If', ['is one'], ['chosen'], {
        then_branch: graphValue(then),
        else_branch: graphValue(otherwise),
      }),
      node('Relu', ['chosen'], ['y']),
    ],
  });
}

/** A branch that shadows the outer name `scale` and uses the outer value `scaled`. */
const adding = makeGraph({
  outputs: ['sum'],
  initializers: [floatTensor('scale', [3], [1, 2, 3])],
  nodes: [node('Add', ['scaled', 'scale'], ['sum'], {}, { name: 'inner' })],
});

/** A branch with a branch in it, which sees names two graphs out. */
const nested = makeGraph({
  outputs: ['result'],
  nodes: [
    node('Shape', ['x'], ['shape']),
    node('Size', ['shape'], ['rank']),
    node('Cast', ['rank'], ['not zero'], { to: int(DataType.BOOL) }),
    node('If', ['not zero'], ['result'], {
      then_branch: graphValue(
        makeGraph({ outputs: ['r'], nodes: [node('Sub', ['x', 'scale'], ['r'], {}, { name: 'inner' })] }),
      ),
      else_branch: graphValue(makeGraph({ outputs: ['r'], nodes: [node('NoSuchOperator', ['x'], ['r'])] })),
    }),
  ],
});

test.each([1, 0])('the branch taken for mode %i is inlined with the names around it', async (mode) => {
  const model = makeModel({
    inputs: { x: x.shape },
    outputs: ['y'],
    initializers: [intTensor('one', [1], []), intTensor('mode', [mode], []), floatTensor('scale', [], [3])],
    nodes: [
      node('Mul', ['x', 'scale'], ['scaled']),
      node('Equal', ['mode', 'one'], ['is one']),
      node('If', ['is one'], ['chosen'], {
        then_branch: graphValue(
          makeGraph({
            outputs: ['sum'],
            initializers: [floatTensor('offsets', [3], [1, 2, 3])],
            nodes: [node('Add', ['scaled', 'offsets'], ['sum'])],
          }),
        ),
        else_branch: graphValue(makeGraph({ outputs: ['r'], nodes: [node('Sub', ['x', 'scale'], ['r'])] })),
      }),
      node('Relu', ['chosen'], ['y']),
    ],
  });
  await expectSameAsOnnxruntime(model, { x });
});

test('a fixed input decides, and what only the other branch needs is gone', () => {
  const first = importOnnx(choosing(adding, nested), { inputs: { mode: 1 } });
  expect(first.nodes.map(({ name }) => name)).toEqual(['scale by 3', 'inner']);
  expect([...first.constants.keys()].sort()).toEqual(['scale', 'scale_2']);
  const second = importOnnx(choosing(adding, nested), { inputs: { mode: 0 } });
  expect(second.nodes.map(({ name }) => name)).toEqual(['inner']);
});

test('an output that a branch only passes on has no node', () => {
  const passing = makeGraph({ outputs: ['x'], nodes: [] });
  const graph = importOnnx(choosing(passing, adding), { inputs: { mode: 1 } });
  expect(graph.nodes.map(({ op }) => op.kind)).toEqual(['unary']);
});

test('a condition that is only known when the model runs is refused', () => {
  const model = makeModel({
    inputs: { x: [1] },
    outputs: ['y'],
    nodes: [
      node(
        'If',
        ['x'],
        ['y'],
        { then_branch: graphValue(adding), else_branch: graphValue(adding) },
        { name: 'choice' },
      ),
    ],
  });
  expect(() => importOnnx(model)).toThrow(/choice \(If\): its condition x is only known when the model runs/);
});

test('all operators that are not supported are named in one error, with their nodes and the opset', () => {
  const model = makeModel({
    opset: 13,
    domains: { 'com.example': 1 },
    inputs: { x: [2, 3] },
    outputs: ['y', 'z'],
    nodes: [
      node('Hardmax', ['x'], ['hard'], {}, { name: 'attention/hardmax' }),
      node('Sin', ['hard'], ['sine']),
      node('Relu', ['sine'], ['y']),
      node('Gelu', ['x'], ['z'], {}, { domain: 'com.example', name: 'act' }),
      node('Loop', ['x'], ['unused'], {}, { name: 'nobody needs this' }),
    ],
  });
  expect(() => importOnnx(model, { file: 'model.onnx' })).toThrow(
    'model.onnx: 3 operator(s) of opset 13 not supported: Hardmax (attention/hardmax), Sin (Sin_1), com.example.Gelu (act)',
  );
});

test('what an If needs is named even where its branch cannot be chosen', () => {
  const branch = makeGraph({ outputs: ['r'], nodes: [node('Erf', ['x'], ['r'], {}, { name: 'in branch' })] });
  const model = makeModel({
    inputs: { x: [2, 3] },
    outputs: ['y'],
    nodes: [
      node('IsNaN', ['x'], ['condition'], {}, { name: 'check' }),
      node('If', ['condition'], ['y'], { then_branch: graphValue(branch), else_branch: graphValue(branch) }),
    ],
  });
  expect(() => importOnnx(model)).toThrow(
    '3 operator(s) of opset 17 not supported: IsNaN (check), Erf (in branch), Erf (in branch)',
  );
});

test('an operator of the domain ai.onnx is that of the default domain', async () => {
  const model = makeModel({
    domains: { 'ai.onnx': 17 },
    inputs: { x: x.shape },
    outputs: ['y'],
    nodes: [node('Relu', ['x'], ['y'], {}, { domain: 'ai.onnx' })],
  });
  await expect(expectSameAsOnnxruntime(model, { x })).resolves.toBeDefined();
});

test('nodes need not be in order', () => {
  const model = makeModel({
    inputs: { x: [2] },
    outputs: ['y'],
    nodes: [node('Relu', ['a'], ['y']), node('Neg', ['x'], ['a'])],
  });
  expect(importOnnx(model).nodes.map(({ name }) => name)).toEqual(['Neg_1', 'Relu_0']);
});

test.each<[string, Parameters<typeof makeModel>[0], RegExp]>([
  [
    'a cycle',
    { outputs: ['a'], nodes: [node('Relu', ['b'], ['a']), node('Relu', ['a'], ['b'])] },
    /Relu_0 \(Relu\) needs its own result/,
  ],
  [
    'a value nobody produces',
    { outputs: ['a'], nodes: [node('Relu', ['b'], ['a'])] },
    /value b is used but never produced/,
  ],
  [
    'a value produced twice',
    { inputs: { x: [1] }, outputs: ['a'], nodes: [node('Relu', ['x'], ['a']), node('Neg', ['x'], ['a'])] },
    /value a is produced twice/,
  ],
  [
    'an input that is produced',
    { inputs: { x: [1] }, outputs: ['x'], nodes: [node('Relu', ['x'], ['x'])] },
    /value x is both an input and produced/,
  ],
  ['no outputs', { inputs: { x: [1] }, outputs: [], nodes: [] }, /the model has no outputs/],
  [
    'an operand that is missing',
    { inputs: { x: [1] }, outputs: ['y'], nodes: [node('Add', ['x', ''], ['y'])] },
    /Add_0 \(Add\): operand B is missing/,
  ],
])('%s: refused', (_, parts, message) => {
  expect(() => importOnnx(makeModel(parts))).toThrow(message);
});

test('a chain of 50,000 nodes is imported without recursion', () => {
  const length = 50_000;
  const model = makeModel({
    inputs: { x: [1] },
    outputs: [`v${length}`],
    initializers: [intTensor('one', [1]), intTensor('v0', [0])],
    nodes: [
      ...Array.from({ length }, (_, index) => node('Add', [`v${index}`, 'one'], [`v${index + 1}`])).slice(
        0,
        -1,
      ),
      node('Cast', [`v${length - 1}`], ['count'], { to: int(1) }),
      node('Add', ['x', 'count'], [`v${length}`]),
    ],
  });
  const graph = importOnnx(model);
  expect(graph.nodes).toHaveLength(1);
  expect([...graph.constants.values()].map(({ data }) => [...data])).toEqual([[length - 1]]);
});
