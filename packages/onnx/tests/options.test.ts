import { describe, expect, test } from 'vitest';
import { importOnnx, type ImportOptions } from '../src/index.ts';
import {
  DataType,
  floatTensor,
  int,
  makeModel,
  node,
  valueInfo,
  type Dimensions,
} from './support/onnx-model.ts';
import { refusal } from './support/refusal.ts';

function identityModel(dims: Dimensions | undefined): Uint8Array {
  return makeModel({
    inputs: { audio: valueInfo('audio', dims) },
    outputs: ['y'],
    nodes: [node('Relu', ['audio'], ['y'])],
  });
}

function shapeOf(dims: Dimensions | undefined, options: ImportOptions = {}): readonly number[] | undefined {
  return importOnnx(identityModel(dims), options).inputs[0]?.shape;
}

describe('open dimensions', () => {
  test.each<[Dimensions, number[]]>([
    [
      [2, 3],
      [2, 3],
    ],
    [
      [null, 3],
      [1, 3],
    ],
    [
      ['batch', 3],
      [1, 3],
    ],
    [
      ['N', 3],
      [1, 3],
    ],
    [
      [4, 'batch_size', 3],
      [4, 1, 3],
    ],
    [
      [2, null, 128],
      [2, 1, 128],
    ],
    [[], []],
  ])('of a batch are 1: %j is %j', (dims, shape) => {
    expect(shapeOf(dims)).toEqual(shape);
  });

  test.each<[Dimensions | undefined, string]>([
    [[null, null], 'audio: dimension 1 is not fixed; give its shape, e.g. shapes: { audio: [1, 512] }'],
    [
      ['batch', 'sequence'],
      'audio: dimension 1 (sequence) is not fixed; give its shape, e.g. shapes: { audio: [1, 512] }',
    ],
    [
      ['time', 1, 'features'],
      'audio: dimensions 0 (time), 2 (features) are not fixed; give its shape, e.g. shapes: { audio: [512, 1, 512] }',
    ],
    [[null, 0, 3], 'audio: dimension 1 is not fixed; give its shape, e.g. shapes: { audio: [1, 512, 3] }'],
    [undefined, 'audio: its shape is not stated; give it, e.g. shapes: { audio: [1, 512] }'],
  ])('of anything else must be given: %j', (dims, message) => {
    expect(refusal(() => shapeOf(dims))).toBe(message);
  });

  test('are what the options say', () => {
    expect(shapeOf([null, null], { shapes: { audio: [2, 576] } })).toEqual([2, 576]);
    expect(shapeOf(undefined, { shapes: { audio: [2, 576] } })).toEqual([2, 576]);
  });

  test('of the same name have the same extent', () => {
    const model = makeModel({
      inputs: { a: ['batch', 'time'], b: ['batch', 'time'] },
      outputs: ['y'],
      nodes: [node('Add', ['a', 'b'], ['y'])],
    });
    expect(importOnnx(model, { shapes: { a: [3, 7] } }).inputs).toEqual([
      { name: 'a', shape: [3, 7] },
      { name: 'b', shape: [3, 7] },
    ]);
    expect(() => importOnnx(model, { shapes: { a: [3, 7], b: [3, 8] } })).toThrow(
      'b: dimension time cannot be both 7 and 8',
    );
  });

  test.each<[number[], string]>([
    [[2, 4], 'audio: shape [2,4] does not fit the declared shape [batch,3,?]'],
    [[2, 4, 1], 'audio: shape [2,4,1] does not fit the declared shape [batch,3,?]'],
    [[2, 3, 0], 'audio: shape [2,3,0] must hold positive integers'],
    [[2, 3, 1.5], 'audio: shape [2,3,1.5] must hold positive integers'],
  ])('given as %j: refused', (shape, message) => {
    expect(() => shapeOf(['batch', 3, null], { shapes: { audio: shape } })).toThrow(message);
  });

  test('of inputs that nothing needs do not matter', () => {
    const model = makeModel({
      inputs: { x: [2], unused: ['what', 'ever'] },
      outputs: ['y'],
      nodes: [node('Relu', ['x'], ['y'])],
    });
    expect(importOnnx(model).inputs).toEqual([{ name: 'x', shape: [2] }]);
  });
});

describe('fixed inputs', () => {
  function withRate(dims: Dimensions, type: number = DataType.INT64): Uint8Array {
    return makeModel({
      inputs: { x: [2], 'sample-rate': valueInfo('sample-rate', dims, type) },
      outputs: ['y'],
      nodes: [node('Cast', ['sample-rate'], ['rate'], { to: int(1) }), node('Mul', ['x', 'rate'], ['y'])],
    });
  }

  const rates = (options: ImportOptions, dims: Dimensions = []): number[] =>
    [...importOnnx(withRate(dims), options).constants.values()].flatMap(({ data }) => [...data]);

  test('are constants', () => {
    expect(rates({ inputs: { 'sample-rate': 16000 } })).toEqual([16000]);
    expect(rates({ inputs: { 'sample-rate': [16000] } }, [null])).toEqual([16000]);
    expect(rates({ inputs: { 'sample-rate': [3, 4] } }, ['n'])).toEqual([3, 4]);
    expect(rates({ inputs: { 'sample-rate': [3, 4] } }, [2])).toEqual([3, 4]);
  });

  test('may be real numbers', () => {
    const graph = importOnnx(withRate([], DataType.FLOAT), { inputs: { 'sample-rate': 0.5 } });
    expect([...graph.constants.values()].flatMap(({ data }) => [...data])).toEqual([0.5]);
  });

  test.each<[string, ImportOptions, string]>([
    [
      'an integer that is not given',
      {},
      'sample-rate: an input of type int64 must be fixed at import; give its value, e.g. inputs: { "sample-rate": 1 }',
    ],
    ['a fraction', { inputs: { 'sample-rate': 0.5 } }, 'sample-rate: 0.5 is not a value of type int64'],
    [
      'two values for a scalar',
      { inputs: { 'sample-rate': [1, 2] } },
      'sample-rate: shape [] needs 1 value(s), got 2',
    ],
    [
      'an input that is not there',
      { inputs: { sr: 1 } },
      'option inputs names sr, which is no input of the model; its inputs are: x, sample-rate',
    ],
    [
      'the shape of an input that is not there',
      { shapes: { sr: [1] } },
      'option shapes names sr, which is no input of the model; its inputs are: x, sample-rate',
    ],
  ])('%s: refused', (_, options, message) => {
    expect(refusal(() => importOnnx(withRate([]), options))).toBe(message);
  });

  test('of 32 bits must fit', () => {
    expect(() => importOnnx(withRate([], DataType.INT32), { inputs: { 'sample-rate': 2 ** 31 } })).toThrow(
      'sample-rate: 2147483648 is not a value of type int32',
    );
  });

  test('that initializers give a default need not be given', () => {
    const model = makeModel({
      inputs: { x: [2], scale: [] },
      outputs: ['y'],
      initializers: [floatTensor('scale', [], [2])],
      nodes: [node('Mul', ['x', 'scale'], ['y'])],
    });
    const graph = importOnnx(model);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(graph.constants.get('scale')?.data).toEqual(Float32Array.of(2));
  });
});

describe('versions', () => {
  const parts = { inputs: { x: [2] }, outputs: ['y'], nodes: [node('Relu', ['x'], ['y'])] };

  test.each([7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22])(
    'opset %i is supported',
    (opset) => {
      expect(importOnnx(makeModel({ ...parts, opset })).nodes).toHaveLength(1);
    },
  );

  test.each<[string, Uint8Array, string]>([
    ['opset 6', makeModel({ ...parts, opset: 6 }), 'm.onnx: opset 6 is not supported, only 7 to 22'],
    ['opset 23', makeModel({ ...parts, opset: 23 }), 'm.onnx: opset 23 is not supported, only 7 to 22'],
    [
      'IR version 2',
      makeModel({ ...parts, irVersion: 2 }),
      'm.onnx: IR version 2 is not supported, only 3 to 14',
    ],
    [
      'IR version 15',
      makeModel({ ...parts, irVersion: 15 }),
      'm.onnx: IR version 15 is not supported, only 3 to 14',
    ],
    [
      'two versions of one operator set',
      makeModel({ ...parts, domains: { 'ai.onnx': 18 } }),
      'm.onnx: the model does not say which version of the default operator set it uses',
    ],
    ['an empty file', new Uint8Array(), 'm.onnx: not an ONNX model: it has no graph'],
    ['a text', new TextEncoder().encode('hello, this is no model'), 'm.onnx: not an ONNX model: '],
  ])('%s: refused', (_, model, message) => {
    expect(() => importOnnx(model, { file: 'm.onnx' })).toThrow(message);
  });
});
