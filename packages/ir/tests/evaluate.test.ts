import { evaluateGraph, type Graph } from '../src/index.ts';
import { describe, expect, it } from 'vitest';
import { graphOf, node } from './support/graphs.ts';
import { tensor, valuesOf } from './support/tensors.ts';

/** Adds its input and a constant to a running sum. */
const accumulator: Graph = graphOf({
  inputs: [{ name: 'x', shape: [2] }],
  states: [{ name: 'sum', shape: [2], input: 'before', output: 'after', initial: Float32Array.of(10, 20) }],
  outputs: [{ name: 'total', value: 'after' }],
  constants: new Map([['one', tensor([], [1])]]),
  nodes: [
    node({ kind: 'binary', function: 'add' }, ['x', 'one'], 'step'),
    { ...node({ kind: 'binary', function: 'add' }, ['before', 'step'], 'after'), name: 'add' },
  ],
});

describe('evaluateGraph', () => {
  it('starts from the initial state and carries it on', () => {
    const x = Float32Array.of(1, 2);
    const first = evaluateGraph(accumulator, { inputs: { x } });
    expect(valuesOf(first.outputs['total'])).toEqual([12, 23]);
    const second = evaluateGraph(accumulator, { inputs: { x }, states: first.states });
    expect(valuesOf(second.outputs['total'])).toEqual([14, 26]);
    expect(valuesOf(second.states['sum'])).toEqual([14, 26]);
  });

  it('starts from zeros without initial values', () => {
    const { initial: _, ...state } = accumulator.states[0] ?? { initial: undefined };
    const graph = {
      ...accumulator,
      states: [{ name: 'sum', shape: [2], input: 'before', output: 'after', ...state }],
    };
    expect(valuesOf(evaluateGraph(graph, { inputs: { x: Float32Array.of(1, 2) } }).outputs['total'])).toEqual(
      [2, 3],
    );
  });

  it('keeps every value when asked', () => {
    const options = { inputs: { x: Float32Array.of(1, 2) } };
    expect(evaluateGraph(accumulator, options).values.size).toBe(0);
    const { values } = evaluateGraph(accumulator, { ...options, keep: 'all' });
    expect([...values.keys()]).toEqual(['one', 'x', 'before', 'step', 'after']);
    expect(valuesOf(values.get('step'))).toEqual([2, 3]);
  });

  it('gives copies, not its operands', () => {
    const x = Float32Array.of(1, 2);
    const graph = { ...accumulator, outputs: [{ name: 'same', value: 'x' }] };
    const output = evaluateGraph(graph, { inputs: { x } }).outputs['same'];
    output?.fill(7);
    expect(valuesOf(x)).toEqual([1, 2]);
  });

  it.each([
    [{ inputs: {} }, 'input x of shape [2] is missing'],
    [{ inputs: { x: new Float32Array(3) } }, 'input x of shape [2] needs 2 value(s), got 3'],
    [{ inputs: { x: new Float32Array(2), z: new Float32Array(2) } }, 'there is no input z, only x'],
    [
      { inputs: { x: new Float32Array(2) }, states: { sum: new Float32Array(1) } },
      'state sum of shape [2] needs 2 value(s), got 1',
    ],
    [
      { inputs: { x: new Float32Array(2) }, states: { other: new Float32Array(2) } },
      'there is no state other, only sum',
    ],
  ])('refuses what does not fit (%#)', (options, message) => {
    expect(() => evaluateGraph(accumulator, options)).toThrow(message);
  });

  it('names the node that fails', () => {
    const nodes = accumulator.nodes.map((layer) => ({ ...layer, inputs: ['before', 'nothing'] }));
    const x = new Float32Array(2);
    expect(() => evaluateGraph({ ...accumulator, nodes: nodes.slice(1) }, { inputs: { x } })).toThrow(
      'add: value nothing is used before it is defined',
    );
  });
});
