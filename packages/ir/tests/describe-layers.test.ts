import { describeLayers, operatorDefinition, operatorKinds, type Graph } from '../src/index.ts';
import { describe, expect, it } from 'vitest';
import { speechGraph } from './support/speech-graph.ts';

describe('describeLayers', () => {
  it('tells shapes, multiply-adds, parameters and zeros of each layer', () => {
    const layers = describeLayers(speechGraph());
    expect(layers).toHaveLength(speechGraph().nodes.length);
    expect(layers.find(({ name }) => name === 'conv:encoded')).toEqual({
      name: 'conv:encoded',
      kind: 'conv',
      inputShapes: [[1, 9, 5], [6, 9, 3], [6]],
      outputShapes: [[1, 6, 5]],
      macs: 6 * 5 * 9 * 3,
      parameters: 6 * 9 * 3 + 6,
      zeros: 0,
      matrices: [{ input: 1, value: 'encoder.weights', rows: 6, columns: 27, zeros: 0 }],
    });
    expect(layers.find(({ kind }) => kind === 'lstm')).toMatchObject({
      macs: 16 * (6 + 4),
      parameters: 16 * 6 + 16 * 4 + 16,
      matrices: [
        { input: 1, value: 'lstm.w', rows: 16, columns: 6 },
        { input: 2, value: 'lstm.r', rows: 16, columns: 4 },
      ],
    });
    expect(layers.find(({ kind }) => kind === 'transpose')).toMatchObject({
      macs: 0,
      parameters: 0,
      matrices: [],
    });
  });

  it('says why a matrix cannot be pruned', () => {
    const reasons = describeLayers(speechGraph()).flatMap(({ matrices }) =>
      matrices.map(({ value, unprunable }) => [value, unprunable]),
    );
    expect(reasons).toEqual([
      ['basis', undefined],
      ['encoder.weights', undefined],
      ['lstm.w', undefined],
      ['lstm.r', undefined],
      ['decoder.weights', 'only 1 row'],
    ]);
    const graph = speechGraph();
    const computed: Graph = {
      ...graph,
      constants: new Map([...graph.constants].filter(([name]) => name !== 'lstm.w')),
      inputs: [...graph.inputs, { name: 'lstm.w', shape: [16, 6] }],
    };
    const matrices = describeLayers(computed).flatMap((layer) => layer.matrices);
    expect(matrices.find(({ value }) => value === 'lstm.w')).toMatchObject({
      unprunable: 'the weights are computed, not constant',
      zeros: 0,
    });
  });

  it('counts zeros and shows how a matrix was pruned', () => {
    const graph = speechGraph();
    const bcr = { blockRows: 4, blockColumns: 4, rate: 2 };
    const weights = graph.constants.get('lstm.w');
    if (!weights) throw new RangeError('the graph has no lstm.w');
    const pruned: Graph = {
      ...graph,
      constants: new Map([
        ...graph.constants,
        [
          'lstm.w',
          { ...weights, data: weights.data.map((weight, index) => (index % 3 === 0 ? -0 : weight)) },
        ],
      ]),
      nodes: graph.nodes.map((layer) =>
        layer.op.kind === 'lstm' ? { ...layer, weights: [{ input: 1, bcr }] } : layer,
      ),
    };
    const lstm = describeLayers(pruned).find(({ kind }) => kind === 'lstm');
    expect(lstm?.zeros).toBe(32);
    expect(lstm?.matrices).toMatchObject([{ zeros: 32, bcr }, { zeros: 0 }]);
    expect(lstm?.matrices[1]).not.toHaveProperty('bcr');
  });
});

describe('operatorDefinition', () => {
  it('has an entry of its own kind for every operator', () => {
    expect(operatorKinds).toHaveLength(18);
    for (const kind of operatorKinds) expect(operatorDefinition(kind).kind).toBe(kind);
  });
});
