import { describe, expect, it } from 'vitest';
import { maskOf } from '@grim/bcr';
import { GrimError, validateGraph } from '@grim/ir';
import {
  chosenBlocks,
  pruneByMagnitude,
  sampleKey,
  sampleNetwork,
  searchBlocks,
  type BlockSearchOptions,
  type LayerSample,
} from '../src/index.ts';
import { fakeLatency } from './fake-latency.ts';
import { sampleGraph } from './graphs.ts';

const layers = ['encoder/conv', 'lstm', 'head', 'tail'];

const options: BlockSearchOptions = {
  rate: 2,
  candidates: [
    { rows: 4, columns: 8 },
    { rows: 8, columns: 4 },
    { rows: 8, columns: 16 },
    { rows: 16, columns: 16 },
    { rows: 100, columns: 100 },
  ],
};

async function refusal(promise: Promise<unknown>): Promise<GrimError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof GrimError) return error;
  throw new Error('was not refused');
}

describe('searchBlocks', () => {
  it('takes the finest block within the slowdown of the coarsest, the quicker one among equals', async () => {
    const { latency, asked } = fakeLatency();
    const search = await searchBlocks(sampleGraph(), latency, { ...options, slowdown: 1.5 });
    expect(search).toMatchObject({ latency: latency.source, slowdown: 1.5, seed: 1 });
    expect(search.weights.map(({ weights }) => weights)).toEqual([
      ['encoder/conv:weights'],
      ['lstm:w'],
      ['lstm:r'],
      ['head:weights', 'tail:weights'],
    ]);
    for (const { candidates, chosen, denseSeconds } of search.weights) {
      expect(denseSeconds).toBeGreaterThan(0);
      const timed = candidates.filter(({ seconds }) => seconds !== undefined);
      expect(timed.length).toBeGreaterThan(1);
      expect(timed.at(-1)?.slowdown).toBe(1);
      const area = ({ rows, columns }: { rows: number; columns: number }): number => rows * columns;
      const finest = Math.min(
        ...timed.filter(({ slowdown = NaN }) => slowdown <= 1.5).map(({ block }) => area(block)),
      );
      expect(area(chosen)).toBe(finest);
      const equals = timed.filter(({ block }) => area(block) === finest);
      const quickest = Math.min(...equals.map(({ seconds = NaN }) => seconds));
      expect(equals.find(({ block }) => block.rows === chosen.rows)?.seconds).toBe(quickest);
    }
    // Two layers that share their weights and are alike are asked about once, and each takes its time.
    expect(new Set(asked.map(sampleKey)).size).toBe(asked.length);
    const [dense] = asked.filter(({ layer, pruned }) => layer === 'head' && pruned.size === 0);
    expect(search.weights[3]?.denseSeconds).toBe(2 * fakeLatency().seconds(dense as LayerSample));
  });

  it('the blocks are an option of the pruner; a slowdown of 1 leaves none but the coarsest or quicker ones', async () => {
    const graph = sampleGraph();
    const search = await searchBlocks(graph, fakeLatency().latency, { ...options, slowdown: 1 });
    const block = chosenBlocks(search);
    expect(Object.keys(block)).toHaveLength(5);
    expect(block['lstm:w']).toEqual({ rows: 16, columns: 24 });
    const { report } = pruneByMagnitude(graph, { rate: 2, block });
    const pruned = report.weights.filter(({ outcome }) => outcome === 'pruned');
    expect(pruned.map(({ layer }) => layer)).toEqual(['encoder/conv', 'lstm', 'lstm', 'head', 'tail']);
    expect(pruned).toMatchObject(
      pruned.map(({ layer, operand }) => ({ block: block[`${layer}:${operand}`] })),
    );
  });

  it('blocks that do not allow the rate or save nothing are listed with the reason, gates are not spanned', async () => {
    const search = await searchBlocks(sampleGraph(), fakeLatency().latency, {
      rate: 6,
      layers: ['lstm:r', 'head', 'tail'],
      candidates: [
        { rows: 4, columns: 4 },
        { rows: 3, columns: 16 },
        { rows: 16, columns: 16 },
      ],
    });
    const [lstm, head] = search.weights;
    expect(lstm?.candidates).toMatchObject([
      { block: { rows: 4, columns: 4 }, refused: expect.stringMatching(/cannot be pruned 6x/) as string },
      { block: { rows: 3, columns: 16 }, refused: 'would span two gates of 16 rows' },
      { block: { rows: 16, columns: 16 } },
    ]);
    expect(head?.candidates.map(({ block }) => block.rows)).toEqual([4, 3, 16]);
    const costly = await searchBlocks(sampleGraph(), fakeLatency().latency, {
      rate: 1.01,
      layers: ['lstm:r'],
    });
    expect(costly.weights[0]?.candidates[0]?.refused).toMatch(
      /BCRC would take \d+ bytes, dense weights 4096/,
    );
    expect(costly.weights[0]?.chosen).toEqual({ rows: 16, columns: 16 });
  });

  it('refuses a slowdown below 1 and patterns that match nothing', async () => {
    const search = (more: Partial<BlockSearchOptions>): Promise<unknown> =>
      searchBlocks(sampleGraph(), fakeLatency().latency, { ...options, ...more });
    expect((await refusal(search({ slowdown: 0.9 }))).message).toMatch(/slowdown .* 1 or more, got 0.9/);
    expect((await refusal(search({ exclude: ['nothing'] }))).message).toMatch(/exclude pattern "nothing"/);
    expect((await refusal(search({ candidates: [{ rows: 0, columns: 4 }] }))).message).toMatch(
      /must be positive integers/,
    );
    expect((await refusal(search({ candidates: [] }))).message).toMatch(/there are no blocks to look at/);
    const spanning = await refusal(search({ layers: ['lstm:r'], candidates: [{ rows: 3, columns: 16 }] }));
    expect(spanning.message).toMatch(
      /lstm:r: none of the blocks to look at can be used: 3x16 would span two gates of 16 rows/,
    );
  });

  it('refuses answers of a latency model that are none, by layer', async () => {
    const { latency } = fakeLatency();
    for (const [answer, problem] of [
      [NaN, /encoder\/conv: the latency model of imaginary says that it takes NaN seconds/],
      [-1, /takes -1 seconds, expected a number above 0/],
    ] as const) {
      const wrong = {
        ...latency,
        layers: (samples: readonly LayerSample[]) => Promise.resolve(samples.map(() => answer)),
      };
      expect((await refusal(searchBlocks(sampleGraph(), wrong, options))).message).toMatch(problem);
    }
    const few = { ...latency, layers: () => Promise.resolve([1e-3]) };
    expect((await refusal(searchBlocks(sampleGraph(), few, options))).message).toMatch(
      /the latency model of imaginary gave 1 times, asked for \d+/,
    );
  });
});

describe('sampleNetwork', () => {
  it('is a valid network of one layer, its weights random and pruned as asked, the same for the same seed', async () => {
    const { latency, asked } = fakeLatency();
    await searchBlocks(sampleGraph(), latency, options);
    for (const sample of asked) {
      const network = sampleNetwork(sample);
      expect(() => {
        validateGraph(network);
      }).not.toThrow();
      expect(network.nodes).toHaveLength(1);
      expect(sampleNetwork(sample)).toEqual(network);
      expect(sampleNetwork({ ...sample, seed: 2 })).not.toEqual(network);
      for (const [input, { grid, projection }] of sample.pruned) {
        const tensor = network.constants.get(`operand${input}`);
        const [rows = 0, ...rest] = tensor?.shape ?? [];
        const columns = rest.reduce((product, extent) => product * extent, 1);
        const mask = maskOf({ rows, columns, values: tensor?.data ?? new Float32Array() }, grid);
        const kept = tensor?.data.filter((value) => value !== 0).length ?? 0;
        expect(mask.grid).toMatchObject(grid);
        expect((rows * columns) / kept).toBeCloseTo(projection.rate, 0);
      }
    }
    expect(new Set(asked.map(({ layer }) => layer))).toEqual(new Set(layers.slice(0, 3)));
  });
});
