import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bcrcCodec, countNonZeros, maskOf, keptCells } from '@grim/bcr';
import { evaluateGraph, GrimError, readArtefact, validateGraph, writeArtefact, type Graph } from '@grim/ir';
import { pruneByMagnitude, type PruneOptions, type PrunedWeightReport } from '../src/index.ts';
import { sampleGraph, weights } from './graphs.ts';

const block = { rows: 8, columns: 12 };

function dataOf(graph: Graph, value: string): Float32Array {
  return graph.constants.get(value)?.data ?? new Float32Array();
}

function reasons(options: PruneOptions, graph = sampleGraph()): Record<string, string> {
  const { report } = pruneByMagnitude(graph, options);
  return Object.fromEntries(
    report.weights.map((weight) => [
      `${weight.layer}:${weight.operand}`,
      weight.outcome === 'pruned' ? 'pruned' : weight.reason,
    ]),
  );
}

function refusal(options: PruneOptions, graph = sampleGraph()): GrimError {
  try {
    pruneByMagnitude(graph, options);
  } catch (error) {
    if (error instanceof GrimError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('pruneByMagnitude', () => {
  it('prunes every layer that can be, and says what it did', () => {
    const original = sampleGraph();
    const { graph, report } = pruneByMagnitude(original, { rate: 4, block });
    validateGraph(graph);
    expect(report.weights.map(({ layer, operand, outcome }) => `${layer}:${operand} ${outcome}`)).toEqual([
      'encoder/conv:weights pruned',
      'encoder/depthwise:weights dense',
      'lstm:w pruned',
      'lstm:r pruned',
      'head:weights pruned',
      'tail:weights pruned',
    ]);
    for (const weight of report.weights) {
      const data = dataOf(graph, weight.value);
      expect(weight.zeros).toBe(data.length - countNonZeros(data));
      expect(weight.denseBytes).toBe(data.byteLength);
      if (weight.outcome !== 'pruned') continue;
      expect(weight.requestedRate).toBe(4);
      expect(weight.achievedRate).toBeGreaterThan(3.5);
      expect(weight.achievedRate).toBeLessThan(4.6);
      expect(weight.keptEnergy).toBeGreaterThan(1 / weight.achievedRate);
      expect(weight.keptEnergy).toBeLessThan(1);
      expect(weight.bcrcBytes).toBeLessThan(weight.denseBytes);
      const node = graph.nodes.find(({ name }) => name === weight.layer);
      const spec = node?.weights?.find(({ input }) => node.inputs[input] === weight.value);
      expect(spec?.bcr).toEqual({
        blockRows: weight.block.rows,
        blockColumns: weight.block.columns,
        rate: 4,
      });
      const matrix = { rows: weight.rows, columns: weight.columns, values: data };
      const mask = maskOf(matrix, { blockRows: weight.block.rows, blockColumns: weight.block.columns });
      expect(keptCells(mask)).toBe(Math.round(data.length / weight.achievedRate));
    }
  });

  it('keeps what it keeps, and leaves the given graph alone', () => {
    const original = sampleGraph();
    const { graph } = pruneByMagnitude(original, { rate: 2, block });
    for (const [name, tensor] of sampleGraph().constants) {
      expect(dataOf(original, name)).toEqual(tensor.data);
      const after = graph.constants.get(name);
      expect(after?.shape).toEqual(tensor.shape);
      after?.data.forEach((value, index) => {
        if (value !== 0) expect(value).toBe(tensor.data[index]);
      });
    }
    expect(original.nodes).toEqual(sampleGraph().nodes);
  });

  it('gives a graph that runs, near the dense one at a low rate', () => {
    const x = weights([1, 20, 6], 9).data;
    const { graph } = pruneByMagnitude(sampleGraph(), { rate: 1.25, block: { rows: 8, columns: 64 } });
    const run = (each: Graph): Float32Array =>
      evaluateGraph(each, { inputs: { x } }).outputs['out'] ?? new Float32Array();
    const dense = run(sampleGraph());
    const pruned = run(graph);
    expect(pruned.length).toBe(6 * 16);
    const error = Math.max(...pruned.map((value, index) => Math.abs(value - (dense[index] ?? NaN))));
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(Math.max(...dense.map((value) => Math.abs(value))));
  });

  it('prunes conv as filters by channel and tap, with all taps of a channel side by side', () => {
    const { report } = pruneByMagnitude(sampleGraph(), { rate: 2, block, layers: ['encoder/conv'] });
    const [conv] = report.weights;
    expect(conv).toMatchObject({ shape: [24, 20, 3], rows: 24, columns: 60 });
  });

  it('adds up the report, a shared constant once', () => {
    const { report } = pruneByMagnitude(sampleGraph(), { rate: 4, block });
    const elements = 24 * 60 + 24 * 3 + 64 * 24 + 64 * 16 + 16 * 16;
    expect(report.totals.elements).toBe(elements);
    expect(report.totals.denseBytes).toBe(elements * 4);
    const stored = report.weights
      .filter(({ layer }) => layer !== 'tail')
      .reduce((sum, weight) => sum + (weight.outcome === 'pruned' ? weight.bcrcBytes : weight.denseBytes), 0);
    expect(report.totals.storedBytes).toBe(stored);
  });

  it('keeps the zero count through a file', () => {
    const { graph, report } = pruneByMagnitude(sampleGraph(), { rate: 4, block, split: 'both' });
    const provenance = { grimVersion: '0.1.0', options: {} };
    const file = writeArtefact({ graph, provenance }, { codecs: [bcrcCodec] });
    const read = readArtefact(file, { codecs: [bcrcCodec] });
    for (const weight of report.weights) {
      const data = read.graph ? dataOf(read.graph, weight.value) : new Float32Array();
      expect(data.length - countNonZeros(data)).toBe(weight.zeros);
    }
    expect(read.graph?.nodes.map((node) => node.weights)).toEqual(graph.nodes.map((node) => node.weights));
    expect(file.length).toBeLessThan(writeArtefact({ graph, provenance }).length);
  });

  it('prunes a linear layer of any shape at any rate that it accepts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 20 }),
        fc.integer({ min: 1, max: 40 }),
        fc.record({ rows: fc.integer({ min: 1, max: 24 }), columns: fc.integer({ min: 1, max: 48 }) }),
        fc.double({ min: 1, max: 12, noNaN: true }),
        fc.constantFrom('columns' as const, 'rows' as const, 'both' as const),
        (rows, columns, blockSize, rate, split) => {
          const graph: Graph = {
            name: 'one',
            inputs: [{ name: 'x', shape: [1, columns] }],
            outputs: [{ name: 'y', value: 'y' }],
            states: [],
            constants: new Map([['w', weights([rows, columns])]]),
            nodes: [{ name: 'linear', op: { kind: 'linear' }, inputs: ['x', 'w'], outputs: ['y'] }],
          };
          try {
            const pruned = pruneByMagnitude(graph, { rate, block: blockSize, split });
            validateGraph(pruned.graph);
            const data = dataOf(pruned.graph, 'w');
            expect(pruned.report.totals.zeros).toBe(data.length - countNonZeros(data));
            for (let row = 0; row < rows; row++) {
              expect(countNonZeros(data.subarray(row * columns, (row + 1) * columns))).toBeGreaterThan(0);
            }
          } catch (error) {
            if (!(error instanceof GrimError)) throw error;
            expect(error.context.layer).toBe('linear:weights');
          }
        },
      ),
    );
  });
});

describe('which layers are pruned', () => {
  it('says why the others are not', () => {
    expect(reasons({ rate: 4, block, exclude: ['head', 'lstm:w'], minimumParameters: 1030 })).toEqual({
      'encoder/conv:weights': 'pruned',
      'encoder/depthwise:weights': '24 groups',
      'lstm:w': 'excluded by "lstm:w"',
      'lstm:r': '1024 parameters, fewer than 1030',
      'head:weights': 'excluded by "head"',
      'tail:weights': '256 parameters, fewer than 1030',
    });
    expect(reasons({ rate: 4, block, layers: ['*conv', 'lstm:?'] })).toMatchObject({
      'encoder/conv:weights': 'pruned',
      'lstm:w': 'pruned',
      'lstm:r': 'pruned',
      'head:weights': 'not among the layers to prune',
    });
    expect(reasons({ rate: { 'lstm*': 2, 'lstm:r': 1 }, block })).toMatchObject({
      'encoder/conv:weights': 'no rate is given for it',
      'lstm:w': 'pruned',
      'lstm:r': 'rate 1',
    });
  });

  it('leaves a layer dense whose indices outweigh the zeros', () => {
    const options = { rate: 1.02, block: { rows: 1, columns: 12 }, layers: ['lstm:w'] };
    expect(reasons(options)['lstm:w']).toMatch(/^BCRC would take \d+ bytes, dense weights 6144$/);
    const { graph } = pruneByMagnitude(sampleGraph(), options);
    expect(graph).toEqual(sampleGraph());
  });

  it('leaves weights alone that are no constant', () => {
    const graph = sampleGraph();
    const { constants } = graph;
    const computed: Graph = {
      ...graph,
      constants: new Map([...constants, ['scale', weights([1])]]),
      nodes: [
        {
          name: 'scaled',
          op: { kind: 'binary', function: 'mul' },
          inputs: ['square', 'scale'],
          outputs: ['scaledSquare'],
        },
        ...graph.nodes.map((node) =>
          node.name === 'tail' ? { ...node, inputs: ['p', 'scaledSquare'] } : node,
        ),
      ],
    };
    const outcome = reasons({ rate: 2, block }, computed);
    expect(outcome['tail:weights']).toMatch(/computed/);
    expect(outcome['head:weights']).toBe('pruned');
  });

  it('takes rates, blocks and splits by pattern, the last match first', () => {
    const { report } = pruneByMagnitude(sampleGraph(), {
      rate: { '*': 2, lstm: 4, 'lstm:r': 8 },
      block: { '*': block, 'lstm:r': { rows: 4, columns: 16 } },
      split: { '*': 'columns', head: 'both', tail: 'both' },
    });
    const pruned = report.weights.filter(
      (weight): weight is PrunedWeightReport => weight.outcome === 'pruned',
    );
    expect(pruned.map(({ requestedRate }) => requestedRate)).toEqual([2, 4, 8, 2, 2]);
    expect(pruned.map((weight) => weight.block.rows)).toEqual([8, 8, 4, 8, 8]);
  });
});

describe('gates', () => {
  const kept = (graph: Graph, value: string, gate: number): number => {
    const data = dataOf(graph, value);
    const length = data.length / 4;
    return countNonZeros(data.subarray(gate * length, (gate + 1) * length));
  };

  it('are pruned at rates of their own, and stay whole without one', () => {
    const { graph, report } = pruneByMagnitude(sampleGraph(), {
      rate: { 'lstm:w': 2, 'lstm:w:forget': 4, 'lstm:r:cell': 4 },
      block,
    });
    expect([0, 1, 2, 3].map((gate) => kept(graph, 'lstm.w', gate))).toEqual([192, 192, 96, 192]);
    expect([0, 1, 2, 3].map((gate) => kept(graph, 'lstm.r', gate))).toEqual([256, 256, 256, 64]);
    const [w, r] = report.weights.slice(2);
    expect(w).toMatchObject({ requestedRate: 4 / (0.5 + 0.5 + 0.25 + 0.5), achievedRate: 1536 / 672 });
    expect(r).toMatchObject({ requestedRate: 4 / 3.25 });
  });

  it('with the same rate are one matrix', () => {
    const options = { block, budget: 'global' as const, layers: ['lstm:r'] };
    const apart = pruneByMagnitude(sampleGraph(), { ...options, rate: { 'lstm:r:*': 2 } });
    expect(apart).toEqual(pruneByMagnitude(sampleGraph(), { ...options, rate: 2 }));
  });

  it('are refused where there are none, and for other options than the rate', () => {
    expect(refusal({ rate: { '*': 2, 'head:weights:cell': 4 }, block }).message).toMatch(
      /^rate pattern "head:weights:cell" matches no layer/,
    );
    expect(refusal({ rate: { '*': 2, 'l*:r:reset': 4 }, block }).message).toBe(
      'rate pattern "l*:r:reset" names no gate of lstm:r, which has input, output, forget, cell',
    );
    expect(refusal({ rate: 2, block, exclude: ['lstm:r:cell'] }).message).toMatch(/matches no layer/);
    expect(refusal({ rate: { 'lstm:r:cell': 0.5 }, block }).context.layer).toBe('lstm:r');
  });

  it('keep every input between them, not each by itself', () => {
    const given = { rate: { 'lstm:r:cell': 8 }, block: { rows: 8, columns: 16 } };
    const { report } = pruneByMagnitude(sampleGraph(), { ...given, keepEveryColumn: true });
    expect(report.weights[3]).toMatchObject({ outcome: 'pruned', inputsCutOff: 0 });
  });
});

describe('inputs', () => {
  it('are kept where blocks allow it, counted where they are cut off, and cut off when asked', () => {
    const cutOff = (rate: number, keepEveryColumn?: boolean): number => {
      const { report } = pruneByMagnitude(sampleGraph(), {
        rate,
        block: { rows: 8, columns: 16 },
        layers: ['lstm:r'],
        ...(keepEveryColumn !== undefined && { keepEveryColumn }),
      });
      const [weight] = report.weights.filter(({ outcome }) => outcome === 'pruned');
      return weight?.outcome === 'pruned' ? weight.inputsCutOff : NaN;
    };
    // Eight block rows: at a rate of 8 they keep as many columns as there are between them.
    expect(cutOff(8)).toBe(0);
    expect(cutOff(8, false)).toBeGreaterThan(0);
    expect(cutOff(16)).toBe(cutOff(16, false));
    expect(cutOff(16)).toBeGreaterThanOrEqual(8);
    expect(() => cutOff(16, true)).toThrow(
      'lstm:r: 8 blocks of 8x16 on top of each other keep too few columns for every column to be kept',
    );
  });
});

describe('blocks', () => {
  it('are clipped to the matrix and to one gate, and the report says so', () => {
    const { report } = pruneByMagnitude(sampleGraph(), { rate: 2, block: { rows: 32, columns: 60 } });
    expect(report.weights).toMatchObject([
      { block: { rows: 24, columns: 60 }, clippedFrom: { rows: 32, columns: 60 } },
      { outcome: 'dense' },
      { block: { rows: 16, columns: 24 }, clippedFrom: { rows: 32, columns: 60 } },
      { block: { rows: 16, columns: 16 } },
      { block: { rows: 16, columns: 16 } },
      { block: { rows: 16, columns: 16 } },
    ]);
    const fitting = pruneByMagnitude(sampleGraph(), {
      rate: 2,
      block: { rows: 8, columns: 60 },
      layers: ['encoder/conv'],
    });
    expect(fitting.report.weights[0]).not.toHaveProperty('clippedFrom');
  });

  it('need not divide the rows of a layer without gates', () => {
    const { report } = pruneByMagnitude(sampleGraph(), {
      rate: 2,
      block: { rows: 16, columns: 12 },
      layers: ['encoder/conv'],
    });
    expect(report.weights[0]).toMatchObject({
      outcome: 'pruned',
      rows: 24,
      block: { rows: 16, columns: 12 },
    });
  });

  it('may not span two gates', () => {
    const error = refusal({ rate: 2, block: { rows: 12, columns: 8 } });
    expect(error.message).toBe(
      'lstm:w: blocks of 12 rows would span two gates of 16 rows; use a divisor of 16',
    );
  });

  it('keep the recurrent diagonal when asked to', () => {
    const diagonalOf = (graph: Graph): number[] =>
      Array.from({ length: 64 }, (_, row) => dataOf(graph, 'lstm.r')[row * 16 + (row % 16)] ?? 0);
    const options = { rate: 4, block: { rows: 4, columns: 16 }, layers: ['lstm:r'] };
    expect(diagonalOf(pruneByMagnitude(sampleGraph(), options).graph)).toContain(0);
    const kept = pruneByMagnitude(sampleGraph(), { ...options, keepDiagonal: true });
    expect(diagonalOf(kept.graph)).not.toContain(0);
  });
});

describe('constants that layers share', () => {
  const squares = (graph: Graph): string[] =>
    graph.nodes.filter(({ op }) => op.kind === 'linear').map(({ inputs }) => inputs[1] ?? '');

  it('stay shared when all of them are pruned alike', () => {
    const { graph } = pruneByMagnitude(sampleGraph(), { rate: 4, block });
    expect(squares(graph)).toEqual(['square', 'square']);
    expect([...graph.constants.keys()]).toEqual([...sampleGraph().constants.keys()]);
  });

  it('keep their values where they are not pruned', () => {
    const { graph, report } = pruneByMagnitude(sampleGraph(), { rate: 4, block, exclude: ['head'] });
    validateGraph(graph);
    expect(squares(graph)).toEqual(['square', 'square.pruned']);
    expect(dataOf(graph, 'square')).toEqual(dataOf(sampleGraph(), 'square'));
    expect(countNonZeros(dataOf(graph, 'square.pruned'))).toBe(64);
    expect(report.weights.map(({ value }) => value).slice(-2)).toEqual(['square', 'square.pruned']);
  });

  it('are split when they are pruned differently', () => {
    const { graph } = pruneByMagnitude(sampleGraph(), { rate: { '*': 4, tail: 2 }, block });
    validateGraph(graph);
    expect(squares(graph)).toEqual(['square', 'square.pruned']);
    expect(countNonZeros(dataOf(graph, 'square'))).toBe(64);
    expect(countNonZeros(dataOf(graph, 'square.pruned'))).toBe(128);
  });

  it('keep their values where the graph shows them, and names stay unique', () => {
    const graph = sampleGraph();
    const shown: Graph = {
      ...graph,
      outputs: [...graph.outputs, { name: 'weights', value: 'square' }],
      constants: new Map([...graph.constants, ['square.pruned', weights([1])]]),
    };
    const pruned = pruneByMagnitude(shown, { rate: 4, block });
    validateGraph(pruned.graph);
    expect(squares(pruned.graph)).toEqual(['square.pruned2', 'square.pruned2']);
    expect(dataOf(pruned.graph, 'square')).toEqual(dataOf(graph, 'square'));
  });

  it('lose a schedule that was tuned for other zeros, and only that', () => {
    const graph = sampleGraph();
    const tuned: Graph = {
      ...graph,
      nodes: graph.nodes.map((node) =>
        node.name === 'lstm'
          ? {
              ...node,
              weights: [
                { input: 1, schedule: { lanes: 8 } },
                { input: 2, schedule: { lanes: 4 } },
              ],
            }
          : node,
      ),
    };
    const { graph: pruned } = pruneByMagnitude(tuned, { rate: 4, block, layers: ['lstm:r'] });
    expect(pruned.nodes.find(({ name }) => name === 'lstm')?.weights).toEqual([
      { input: 1, schedule: { lanes: 8 } },
      { input: 2, bcr: { blockRows: 8, blockColumns: 12, rate: 4 } },
    ]);
  });
});

describe('what is refused', () => {
  it('patterns whose order is not known, and a number of parameters that is none', () => {
    const graph = sampleGraph();
    const numbered = {
      ...graph,
      nodes: graph.nodes.map((node) => (node.name === 'head' ? { ...node, name: '0' } : node)),
    };
    expect(refusal({ rate: { '*': 4, '0': 8 }, block }, numbered).message).toMatch(
      /^rate pattern "0" is a whole number, which is listed before all others; write "0:\*"$/,
    );
    const { report } = pruneByMagnitude(numbered, { rate: { '*': 2, '0:*': 4 }, block });
    expect(report.weights.find(({ layer }) => layer === '0')).toMatchObject({ requestedRate: 4 });
    for (const minimumParameters of [NaN, -1]) {
      expect(refusal({ rate: 2, block, minimumParameters }).message).toMatch(/^minimumParameters must be/);
    }
  });

  it('rates that are none, or beyond what the blocks allow, naming the layer', () => {
    for (const rate of [0.5, 0, -1, NaN, Infinity]) {
      expect(refusal({ rate, block }).message).toBe(
        `encoder/conv:weights: the pruning rate must be a finite number of 1 or more, got ${rate}`,
      );
    }
    expect(refusal({ rate: 13, block }).message).toMatch(
      /^encoder\/conv:weights: columns cannot be pruned 13x in blocks of 8x12/,
    );
    expect(refusal({ rate: { 'lstm:r': 0 }, block }).context.layer).toBe('lstm:r');
  });

  it('blocks that are none', () => {
    for (const rows of [0, -4, 1.5, NaN]) {
      expect(refusal({ rate: 2, block: { rows, columns: 4 } }).context.layer).toBe('encoder/conv:weights');
    }
    expect(refusal({ rate: 2, block: { 'lstm*': block } }).message).toBe(
      'encoder/conv:weights: is to be pruned, but no block pattern matches it',
    );
  });

  it('patterns that match no layer, by name', () => {
    const layers = 'encoder/conv, encoder/depthwise, lstm, head, tail';
    for (const [option, options] of Object.entries({
      layers: { rate: 2, block, layers: ['conv9'] },
      exclude: { rate: 2, block, exclude: ['lstm', 'conv9'] },
      rate: { rate: { '*': 2, conv9: 4 }, block },
      block: { rate: 2, block: { '*': block, conv9: block } },
      split: { rate: 2, block, split: { conv9: 'both' as const } },
    })) {
      expect(refusal(options).message).toBe(
        `${option} pattern "conv9" matches no layer with weights (${layers})`,
      );
    }
    expect(refusal({ rate: 2, block, layers: ['turn'] }).message).toMatch(/"turn" matches no layer/);
  });

  it('weights that are not finite, by place', () => {
    const graph = sampleGraph();
    const broken = weights([64, 16], 5);
    broken.data[3 * 16 + 7] = NaN;
    const withNaN = { ...graph, constants: new Map([...graph.constants, ['lstm.r', broken]]) };
    expect(refusal({ rate: 2, block }, withNaN).message).toBe('lstm:r: the weight in row 3, column 7 is NaN');
  });

  it('rows that cannot all be kept', () => {
    expect(refusal({ rate: 4, block: { rows: 8, columns: 60 }, split: 'rows' }).message).toMatch(
      /^encoder\/conv:weights: .*too few rows/,
    );
  });
});
