import {
  applyPasses,
  evaluateGraph,
  removeDeadNodes,
  reshapeStates,
  simplifyReshapes,
  splitStates,
  type Graph,
} from '../../src/index.ts';
import { describe, expect, it } from 'vitest';
import { expectSameResults, graphOf, kindsOf, node, signal } from '../support/graphs.ts';
import { frameSize, speechGraph } from '../support/speech-graph.ts';
import { valuesOf } from '../support/tensors.ts';

const passes = [splitStates, simplifyReshapes, reshapeStates, simplifyReshapes, removeDeadNodes];

function sliceRows(start: number, size: number) {
  return { kind: 'slice', starts: [start, 0], sizes: [size, 2], steps: [1, 1] } as const;
}

/** A state of three rows whose new value joins one row and two. */
function rowGraph(readers: Graph['nodes'], output = 'joined'): Graph {
  return graphOf({
    inputs: [{ name: 'x', shape: [3, 2] }],
    states: [{ name: 'rows', shape: [3, 2], input: 's', output, initial: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    outputs: [{ name: 'y', value: 'y' }],
    nodes: [
      node(sliceRows(0, 1), ['x'], 'top'),
      node(sliceRows(1, 2), ['x'], 'bottom'),
      node({ kind: 'concat', axis: 0 }, ['top', 'bottom'], 'joined'),
      ...readers,
    ],
  });
}

describe('splitStates', () => {
  it('gives the hidden and the cell state of an LSTM a state each', () => {
    const graph = speechGraph();
    const split = applyPasses(graph, passes);
    expect(split.states).toMatchObject([
      { name: 'state.0', shape: [1, 4], output: 'h', initial: Float32Array.of(1, 2, 3, 4) },
      { name: 'state.1', shape: [1, 4], output: 'c', initial: Float32Array.of(-1, -2, -3, -4) },
    ]);
    const lstm = split.nodes.find(({ op }) => op.kind === 'lstm');
    expect(lstm?.inputs.slice(4)).toEqual(split.states.map(({ input }) => input));
    expect(kindsOf(split)).not.toContain('concat');
    expectSameResults(split, graph, 0, 3);
  });

  it('leaves parts that, joined, are the state of before', () => {
    const graph = speechGraph();
    const inputs = { input: signal(frameSize) };
    const whole = evaluateGraph(graph, { inputs }).states['state'];
    const parts = evaluateGraph(applyPasses(graph, passes), { inputs }).states;
    expect([...valuesOf(parts['state.0']), ...valuesOf(parts['state.1'])]).toEqual(valuesOf(whole));
  });

  it('splits unequal parts and cuts slices inside a part', () => {
    const graph = rowGraph([
      node(sliceRows(2, 1), ['s'], 'last'),
      node(sliceRows(0, 1), ['s'], 'first'),
      node({ kind: 'binary', function: 'sub' }, ['last', 'first'], 'y'),
    ]);
    const split = splitStates(graph);
    expect(split.states.map(({ name, shape }) => [name, shape])).toEqual([
      ['rows.0', [1, 2]],
      ['rows.1', [2, 2]],
    ]);
    expectSameResults(split, graph, 0, 3);
  });

  it('avoids names that are taken', () => {
    const graph = rowGraph([node(sliceRows(0, 1), ['s'], 's.0'), node(sliceRows(1, 1), ['s'], 'y')]);
    const split = splitStates(graph);
    expect(split.states.map(({ input }) => input)).toEqual(['s.0_2', 's.1']);
    expectSameResults(split, graph);
  });

  it.each([
    ['a slice lies in two parts', rowGraph([node(sliceRows(0, 2), ['s'], 'y')])],
    [
      'something else reads the state',
      rowGraph([node({ kind: 'unary', activation: { function: 'neg' } }, ['s'], 'y')]),
    ],
    ['an output shows the state', { ...rowGraph([]), outputs: [{ name: 'y', value: 's' }] }],
    ['the new state is no concatenation', rowGraph([node(sliceRows(0, 1), ['s'], 'y')], 'x')],
  ])('keeps the state when %s', (_, graph) => {
    expect(splitStates(graph)).toEqual(graph);
  });
});

describe('reshapeStates', () => {
  const graph = graphOf({
    inputs: [{ name: 'x', shape: [2, 2] }],
    states: [{ name: 'state', shape: [4], input: 's', output: 'flat' }],
    outputs: [{ name: 'y', value: 'sum' }],
    nodes: [
      node({ kind: 'reshape', shape: [2, 2] }, ['s'], 'square'),
      node({ kind: 'binary', function: 'add' }, ['square', 'x'], 'sum'),
      node({ kind: 'reshape', shape: [4] }, ['sum'], 'flat'),
    ],
  });

  it('gives a state the shape it is used in', () => {
    const reshaped = applyPasses(graph, [reshapeStates, simplifyReshapes, removeDeadNodes]);
    expect(reshaped.states).toMatchObject([{ shape: [2, 2], input: 's', output: 'sum' }]);
    expect(kindsOf(reshaped)).toEqual(['binary']);
    expectSameResults(reshaped, graph, 0, 3);
  });

  it('keeps it when something reads it as it is', () => {
    const read = { ...graph, outputs: [...graph.outputs, { name: 'before', value: 's' }] };
    expect(reshapeStates(read)).toEqual(read);
    const used = [...graph.nodes, node({ kind: 'unary', activation: { function: 'neg' } }, ['s'], 'n')];
    expect(reshapeStates({ ...graph, nodes: used }).states).toEqual(graph.states);
  });
});
