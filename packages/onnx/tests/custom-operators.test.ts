import { evaluateGraph } from '@grim/ir';
import { describe, expect, test } from 'vitest';
import { importOnnx, type CustomOperatorMapping } from '../src/index.ts';
import {
  float,
  floatTensor,
  ints,
  makeModel,
  node,
  string,
  type AttributeValue,
} from './support/onnx-model.ts';

const softClip: CustomOperatorMapping = {
  function: 'soft_clip',
  attributes: { limit: null, axes: [1, 2], bias: 0.5 },
  results: [{ like: 0 }, { shape: [1] }],
};
const operators = { 'com.example.SoftClip': softClip };

/** A model with one node of an operator of its own, between others, whose second operand is constant and third absent. */
const model = (attributes: Readonly<Record<string, AttributeValue>> = { limit: float(2) }): Uint8Array =>
  makeModel({
    domains: { 'com.example': 1 },
    inputs: { x: [2, 3] },
    outputs: ['y', 'z'],
    initializers: [floatTensor('c', [2], [1, 2])],
    nodes: [
      node('Relu', ['x'], ['positive']),
      node('SoftClip', ['positive', 'c', ''], ['clipped', 'z'], attributes, {
        domain: 'com.example',
        name: 'clip',
      }),
      node('Neg', ['clipped'], ['y']),
    ],
  });

describe('an operator that ONNX does not define', () => {
  test('becomes a call of the function that it is mapped to', () => {
    const graph = importOnnx(model({ limit: float(2), axes: ints([3, 4]) }), { operators });
    const { op, inputs } = graph.nodes.find(({ name }) => name === 'clip') ?? {};
    expect(op).toEqual({
      kind: 'custom',
      function: 'soft_clip',
      attributes: [
        { name: 'limit', values: [2] },
        { name: 'axes', values: [3, 4] },
        { name: 'bias', values: [0.5] },
      ],
      outputShapes: [[2, 3], [1]],
    });
    expect(inputs).toEqual(['positive', 'c', null]);
    const { outputs } = evaluateGraph(graph, {
      inputs: { x: Float32Array.of(-1, 1, 2, 3, 4, 5) },
      operators: {
        soft_clip: ([x], { outputShapes }) => [
          {
            shape: outputShapes[0] ?? [],
            data: (x?.data ?? new Float32Array()).map((value) => Math.min(2, value)),
          },
          { shape: [1], data: Float32Array.of(7) },
        ],
      },
    });
    expect([...(outputs['y'] ?? [])]).toEqual([-0, -1, -2, -2, -2, -2]);
    expect([...(outputs['z'] ?? [])]).toEqual([7]);
  });

  test('is not computed at import, whatever its operands are', () => {
    const constant = makeModel({
      domains: { 'com.example': 1 },
      outputs: ['y'],
      initializers: [floatTensor('c', [2], [1, 2])],
      nodes: [node('SoftClip', ['c'], ['y'], { limit: float(1) }, { domain: 'com.example' })],
    });
    expect(importOnnx(constant, { operators }).nodes.map(({ op }) => op.kind)).toEqual(['custom']);
  });

  test('may be one of ONNX that is not supported, never one that is', () => {
    const sine = (opType: string): Uint8Array =>
      makeModel({ inputs: { x: [2] }, outputs: ['y'], nodes: [node(opType, ['x'], ['y'])] });
    const mapping = { function: 'own', results: [{ like: 0 }] };
    const kinds = (opType: string): string[] =>
      importOnnx(sine(opType), { operators: { Sin: mapping, Relu: mapping } }).nodes.map(({ op }) => op.kind);
    expect(kinds('Sin')).toEqual(['custom']);
    expect(kinds('Relu')).toEqual(['unary']);
  });

  test.each<[string, Readonly<Record<string, AttributeValue>>, Partial<CustomOperatorMapping>]>([
    ['attribute limit is missing', {}, {}],
    ['attribute limit is no number and no list of numbers', { limit: string('high') }, {}],
    ['attribute extra is not supported', { limit: float(1), extra: float(1) }, {}],
    ['a result has the shape of operand 2, which is absent', { limit: float(1) }, { results: [{ like: 2 }] }],
    ['a result would be empty', { limit: float(1) }, { results: [{ shape: [0] }] }],
    ['own-clip is no name of a function', { limit: float(1) }, { function: 'own-clip' }],
  ])('is refused: %s', (problem, attributes, change) => {
    const changed = { 'com.example.SoftClip': { ...softClip, ...change } };
    expect(() => importOnnx(model(attributes), { operators: changed })).toThrow(problem);
  });

  test('has to be mapped', () => {
    expect(() => importOnnx(model())).toThrow('not supported: com.example.SoftClip (clip)');
  });
});
