import { describe, expect, it } from 'vitest';

import {
  applyPasses,
  evaluateGraph,
  inferShapes,
  readArtefact,
  validateGraph,
  writeArtefact,
  type CustomImplementation,
  type CustomOperator,
  type Graph,
} from '../../src/index.ts';
import { graphOf, node } from '../support/graphs.ts';
import { tensor, valuesOf } from '../support/tensors.ts';

const operator: CustomOperator = {
  kind: 'custom',
  function: 'scale_and_count',
  attributes: [{ name: 'scale', values: [3] }],
  outputShapes: [[2, 2], []],
};

/** Multiplies and counts values; the second operand is optional. */
const implementation: CustomImplementation = ([x, offset], { attributes, outputShapes }) => {
  const scale = attributes[0]?.values[0] ?? NaN;
  const data = x?.data.map((value) => scale * value + (offset?.data[0] ?? 0)) ?? new Float32Array();
  return [tensor(outputShapes[0] ?? [], [...data]), tensor([], [data.length])];
};

const graph = (op: CustomOperator = operator, inputs: readonly (string | null)[] = ['x', null]): Graph =>
  graphOf({
    inputs: [{ name: 'x', shape: [4] }],
    outputs: [
      { name: 'y', value: 'y' },
      { name: 'count', value: 'count' },
    ],
    constants: new Map([['one', tensor([], [1])]]),
    nodes: [node(op, inputs, 'y', 'count')],
  });

const x = Float32Array.of(1, 2, 3, 4);

describe('an operator of a user’s own', () => {
  it('has the shapes that it states', () => {
    validateGraph(graph());
    expect(inferShapes(graph()).get('y')).toEqual([2, 2]);
    expect(inferShapes(graph()).get('count')).toEqual([]);
  });

  it('is evaluated by the implementation that is given', () => {
    const operators = { scale_and_count: implementation };
    const { outputs } = evaluateGraph(graph(), { inputs: { x }, operators });
    expect([valuesOf(outputs['y']), valuesOf(outputs['count'])]).toEqual([[3, 6, 9, 12], [4]]);
    const withOffset = evaluateGraph(graph(operator, ['x', 'one']), { inputs: { x }, operators });
    expect(valuesOf(withOffset.outputs['y'])).toEqual([4, 7, 10, 13]);
  });

  it('cannot be evaluated without one', () => {
    expect(() => evaluateGraph(graph(), { inputs: { x } })).toThrow(
      'y: what scale_and_count computes is not known: give its implementation',
    );
  });

  it.each<[string, CustomImplementation]>([
    ['gives nothing, not [2,2], []', () => []],
    ['gives 4 value(s) of [4], 1 value(s) of [], not', () => [tensor([4], [1, 2, 3, 4]), tensor([], [1])]],
    [
      'gives 1 value(s) of [2,2], 1 value(s) of [], not',
      () => [{ shape: [2, 2], data: new Float32Array(1) }, tensor([], [1])],
    ],
  ])('is held to its shapes: %s', (problem, wrong) => {
    const operators = { scale_and_count: wrong };
    expect(() => evaluateGraph(graph(), { inputs: { x }, operators })).toThrow(problem);
  });

  it('stays where all its operands are constant', () => {
    const constant = graph(operator, ['one']);
    expect(applyPasses(constant).nodes.map(({ op }) => op)).toEqual([operator]);
  });

  it('comes back from a file', () => {
    const artefact = { graph: graph(), provenance: { grimVersion: '0', options: {} } };
    expect(readArtefact(writeArtefact(artefact)).graph).toEqual(graph());
  });

  it.each<[string, Partial<CustomOperator>]>([
    ['a-b is no name of a function', { function: 'a-b' }],
    ['gives 1 to 16', { outputShapes: [] }],
    ['gives 1 to 16', { outputShapes: Array.from({ length: 17 }, () => [1]) }],
    ['result 0 [1,1,1,1,1,1,1,1,1] has more than 8', { outputShapes: [new Array<number>(9).fill(1)] }],
    ['value y has shape [0]', { outputShapes: [[0], [1]] }],
    ['attribute a is not finite', { attributes: [{ name: 'a', values: [NaN] }] }],
    [
      '65537 numbers in attributes',
      { attributes: [{ name: 'a', values: new Array<number>(65537).fill(0) }] },
    ],
  ])('is refused: %s', (problem, change) => {
    expect(() => {
      validateGraph(graph({ ...operator, ...change }));
    }).toThrow(problem);
  });
});
