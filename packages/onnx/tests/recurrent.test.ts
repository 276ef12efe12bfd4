import { evaluateGraph } from '@grim/ir';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import {
  float,
  floats,
  floatTensor,
  int,
  intTensor,
  makeModel,
  node,
  string,
  strings,
  anyTensor,
  DataType,
  type AttributeValue,
} from './support/onnx-model.ts';
import { count, expectSameAsOnnxruntime, noise, permute, type OracleInput } from './support/oracle.ts';

const functions = ['Sigmoid', 'Tanh', 'Relu', 'HardSigmoid', 'LeakyRelu'] as const;

const layer = fc.record({
  steps: fc.integer({ min: 1, max: 4 }),
  batch: fc.integer({ min: 1, max: 3 }),
  features: fc.integer({ min: 1, max: 4 }),
  hidden: fc.integer({ min: 1, max: 5 }),
  direction: fc.constantFrom('forward', 'reverse', 'bidirectional'),
  bias: fc.boolean(),
  lengths: fc.boolean(),
  initialH: fc.constantFrom('none', 'constant', 'zero', 'input'),
  initialC: fc.constantFrom('none', 'constant', 'input'),
  activations: fc.option(fc.array(fc.constantFrom(...functions), { minLength: 6, maxLength: 6 }), {
    nil: undefined,
  }),
  parameters: fc.boolean(),
  linearBeforeReset: fc.constantFrom<(boolean | undefined)[]>(undefined, false, true),
  outputs: fc.constantFrom<string[][]>(['Y', 'Yh', 'Yc'], ['Y', '', ''], ['', 'Yh', ''], ['', 'Yh', 'Yc']),
  opset: fc.constantFrom(7, 11, 14, 17, 22),
  seed: fc.nat(),
});

type Layer = typeof layer extends fc.Arbitrary<infer T> ? T : never;

/** Counts of activation parameters a list of functions takes, so that the lists are as long as they need to be. */
function parameterLists(names: readonly string[]): Record<string, AttributeValue> {
  const alphas = names.filter((name) => name === 'HardSigmoid' || name === 'LeakyRelu').length;
  const betas = names.filter((name) => name === 'HardSigmoid').length;
  return {
    ...(alphas > 0 && {
      activation_alpha: floats(Array.from({ length: alphas }, (_, index) => 0.1 + 0.05 * index)),
    }),
    ...(betas > 0 && {
      activation_beta: floats(Array.from({ length: betas }, (_, index) => 0.4 + 0.1 * index)),
    }),
  };
}

function recurrentModel(
  opType: 'GRU' | 'LSTM',
  spec: Layer,
  batchFirst = false,
): { model: Uint8Array; inputs: Record<string, OracleInput> } {
  const { steps, batch, features, hidden, seed } = spec;
  const directions = spec.direction === 'bidirectional' ? 2 : 1;
  const gates = opType === 'LSTM' ? 4 : 3;
  const perDirection = opType === 'LSTM' ? 3 : 2;
  const tensor = (name: string, offset: number, shape: number[]): ReturnType<typeof floatTensor> =>
    floatTensor(name, shape, noise(seed + offset, count(shape)));
  const stateShape = [directions, batch, hidden];
  const inputs: Record<string, OracleInput> = {
    X: { shape: [steps, batch, features], data: noise(seed, steps * batch * features) },
  };
  const turn = ({ shape, data }: OracleInput): OracleInput =>
    batchFirst
      ? { shape: [shape[1] ?? 1, shape[0] ?? 1, shape[2] ?? 1], data: permute(data, shape, [1, 0, 2]) }
      : { shape, data };
  const initializers = [
    tensor('W', 1, [directions, gates * hidden, features]),
    tensor('R', 2, [directions, gates * hidden, hidden]),
  ];
  const state = (name: string, kind: string, offset: number): string => {
    if (kind === 'none') return '';
    if (kind === 'input') inputs[name] = { shape: stateShape, data: noise(seed + offset, count(stateShape)) };
    if (kind === 'constant' || kind === 'zero') {
      const data =
        kind === 'zero' ? new Float32Array(count(stateShape)) : noise(seed + offset, count(stateShape));
      const turned = turn({ shape: stateShape, data });
      initializers.push(floatTensor(name, turned.shape, turned.data));
    }
    return name;
  };
  if (spec.bias) initializers.push(tensor('B', 3, [directions, 2 * gates * hidden]));
  if (spec.lengths) {
    initializers.push(
      anyTensor({
        name: 'lengths',
        dims: [BigInt(batch)],
        dataType: DataType.INT32,
        int32Data: Array.from({ length: batch }, () => steps),
      }),
    );
  }
  const operands = [
    'X',
    'W',
    'R',
    spec.bias ? 'B' : '',
    spec.lengths ? 'lengths' : '',
    state('h0', spec.initialH, 4),
  ];
  if (opType === 'LSTM') operands.push(state('c0', spec.initialC, 5));
  while (operands.at(-1) === '') operands.pop();
  const fed = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, turn(input)]));
  const names = spec.activations?.slice(0, directions * perDirection);
  const attributes: Record<string, AttributeValue> = {
    ...(spec.direction !== 'forward' && { direction: string(spec.direction) }),
    ...(names && { activations: strings(names) }),
    ...(names && spec.parameters && parameterLists(names)),
    ...(batchFirst && { layout: int(1) }),
    // onnxruntime insists on it.
    hidden_size: int(hidden),
    ...(opType === 'GRU' &&
      spec.linearBeforeReset !== undefined && { linear_before_reset: int(spec.linearBeforeReset ? 1 : 0) }),
  };
  const outputs = opType === 'LSTM' ? spec.outputs : spec.outputs.slice(0, 2);
  return {
    inputs: fed,
    model: makeModel({
      opset: spec.opset,
      inputs: Object.fromEntries(Object.entries(fed).map(([name, { shape }]) => [name, shape])),
      outputs: outputs.filter((name) => name !== ''),
      initializers,
      nodes: [node(opType, operands, outputs, attributes)],
    }),
  };
}

describe.each(['LSTM', 'GRU'] as const)('%s', (opType) => {
  test('equals onnxruntime for every choice of operands, activations and directions', async () => {
    await fc.assert(
      fc.asyncProperty(layer, async (spec) => {
        const { model, inputs } = recurrentModel(opType, spec);
        await expectSameAsOnnxruntime(model, inputs);
      }),
      { numRuns: 80 },
    );
  });
});

test.each([false, true])(
  'GRU with linear_before_reset %s, no bias and batch 3 equals onnxruntime',
  async (linear) => {
    const spec: Layer = {
      steps: 3,
      batch: 3,
      features: 4,
      hidden: 5,
      direction: 'forward',
      bias: false,
      lengths: false,
      initialH: 'input',
      initialC: 'none',
      activations: undefined,
      parameters: false,
      linearBeforeReset: linear,
      outputs: ['Y', 'Yh', ''],
      opset: 17,
      seed: 7,
    };
    const { model, inputs } = recurrentModel('GRU', spec);
    await expectSameAsOnnxruntime(model, inputs);
    // Overriding the attribute is the same as writing it.
    const other = recurrentModel('GRU', { ...spec, linearBeforeReset: !linear });
    await expectSameAsOnnxruntime(other.model, inputs, {}, 1e-5).then((graph) => {
      expect(graph.nodes.some(({ op }) => op.kind === 'gru' && op.linearBeforeReset !== linear)).toBe(true);
    });
    const overridden = importOnnx(other.model, { states: [], linearBeforeReset: linear });
    expect(overridden.nodes.map(({ op }) => op)).toEqual(
      importOnnx(model, { states: [] }).nodes.map(({ op }) => op),
    );
  },
);

/** onnxruntime does not run `layout` 1, so it is compared with the same layer that has time first. */
test.each(['LSTM', 'GRU'] as const)('%s with layout 1 is the layer with batch first', (opType) => {
  fc.assert(
    fc.property(layer, (drawn) => {
      const spec: Layer = { ...drawn, opset: 17, initialH: 'input', outputs: ['Y', 'Yh', 'Yc'] };
      const { steps, batch, hidden } = spec;
      const directions = spec.direction === 'bidirectional' ? 2 : 1;
      const timeFirst = evaluate(recurrentModel(opType, spec));
      const batchFirst = evaluate(recurrentModel(opType, spec, true));
      expect(batchFirst['Y']).toEqual(
        permute(timeFirst['Y'], [steps, directions, batch, hidden], [2, 0, 1, 3]),
      );
      for (const state of opType === 'LSTM' ? ['Yh', 'Yc'] : ['Yh']) {
        expect(batchFirst[state]).toEqual(permute(timeFirst[state], [directions, batch, hidden], [1, 0, 2]));
      }
    }),
    { numRuns: 40 },
  );
});

function evaluate({
  model,
  inputs,
}: {
  model: Uint8Array;
  inputs: Record<string, OracleInput>;
}): Record<string, Float32Array> {
  return evaluateGraph(importOnnx(model, { states: [] }), {
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data])),
  }).outputs;
}

const lstmOperands = ['X', 'W', 'R', 'B', '', '', '', 'P'];

function lstm(
  attributes: Record<string, AttributeValue>,
  operands: readonly string[] = ['X', 'W', 'R'],
): Uint8Array {
  return makeModel({
    inputs: { X: [4, 1, 3], lengths: [1] },
    outputs: ['Y'],
    initializers: [
      floatTensor('W', [1, 8, 3], noise(1, 24)),
      floatTensor('R', [1, 8, 2], noise(2, 16)),
      floatTensor('B', [1, 16], noise(3, 16)),
      floatTensor('P', [1, 6], noise(4, 6)),
      intTensor('short', [3]),
      floatTensor('h', [1, 2, 2], noise(5, 4)),
    ],
    nodes: [node('LSTM', operands, ['Y'], attributes, { name: 'rnn' })],
  });
}

test.each<[string, Uint8Array, RegExp]>([
  ['peepholes', lstm({}, lstmOperands), /rnn \(LSTM\): peephole weights \(operand P\) are not supported/],
  ['clip', lstm({ clip: float(3) }), /attribute clip is not supported/],
  ['coupled gates', lstm({ input_forget: int(1) }), /attribute input_forget is not supported/],
  ['sequences that end early', lstm({}, ['X', 'W', 'R', '', 'short']), /sequence_lens must be 4/],
  [
    'lengths known only at run time',
    lstm({}, ['X', 'W', 'R', '', 'lengths']),
    /sequence_lens must be constant/,
  ],
  [
    'an activation it does not know',
    lstm({ activations: strings(['Sigmoid', 'Elu', 'Tanh']) }),
    /activation Elu is not/,
  ],
  ['too few activations', lstm({ activations: strings(['Sigmoid']) }), /must name 3 functions, got 1/],
  ['a direction it does not know', lstm({ direction: string('both') }), /direction both/],
  [
    'a hidden size that contradicts the weights',
    lstm({ hidden_size: int(5) }),
    /operand W must be \[1,20,3\], got \[1,8,3\]/,
  ],
  [
    'a state of another shape',
    lstm({}, ['X', 'W', 'R', '', '', 'h']),
    /initial_h must be \[1,1,2\], got \[1,2,2\]/,
  ],
  [
    'a layout before there was one',
    makeModel({
      opset: 11,
      inputs: { X: [4, 1, 3] },
      outputs: ['Y'],
      initializers: [floatTensor('W', [1, 8, 3], noise(1, 24)), floatTensor('R', [1, 8, 2], noise(2, 16))],
      nodes: [node('LSTM', ['X', 'W', 'R'], ['Y'], { layout: int(1) })],
    }),
    /attribute layout is not supported in opset 11/,
  ],
])('%s: refused by name', (_, model, message) => {
  expect(() => importOnnx(model)).toThrow(message);
});
